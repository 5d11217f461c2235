#include "viewer/window/panels/knowledge_panel.h"

#include <fmt/format.h>

#include <algorithm>
#include <cfloat>
#include <cmath>

#include "viewer/overlay/overlay_parts.h"
#include "viewer/window/theme.h"

namespace medal {
namespace {

constexpr float kWidth = 300;                         // pixels at scale 1
constexpr float kLabel = 104;                         // pixels at scale 1, before values and bars
constexpr float kRecollection = 70;                   // pixels at scale 1, of what it remembers of events
constexpr float kAboveStrip = 308, kBelowStrip = 74;  // pixels at scale 1, that the panel has beside the cells

/// The value over the last steps.
void show_value(const AgentKnowledge& knowledge, float scale) {
  std::vector<float> values;
  for (std::size_t k = first_shown(knowledge, kShownSteps); k < knowledge.history.size(); ++k)
    values.push_back(knowledge.history[k]->value);
  ImGui::TextUnformatted(fmt::format("Value {:+.2f}", knowledge.now().value).c_str());
  tooltip(fmt::format("The discounted score that the agent expects from here on, over the last {} steps.", kShownSteps),
          scale);
  ImGui::SameLine(kLabel * scale);
  ImGui::PushStyleColor(ImGuiCol_PlotLines, to_colour(okabe_ito::sky_blue));
  ImGui::PlotLines("##value", values.data(), static_cast<int>(values.size()), 0, nullptr, FLT_MAX, FLT_MAX,
                   {ImGui::GetContentRegionAvail().x, 34 * scale});
  ImGui::PopStyleColor();
}

void show_presence(const AgentThought& now, float scale) {
  ImGui::TextUnformatted("Expert there");
  tooltip("How sure the agent's attention head is that it sees the expert, and whether it does.", scale);
  ImGui::SameLine(kLabel * scale);
  const float truth_width = 62 * scale;
  ImGui::PushStyleColor(ImGuiCol_PlotHistogram, ImGui::ColorConvertU32ToFloat4(to_colour(okabe_ito::purple)));
  ImGui::ProgressBar(now.presence_belief, {ImGui::GetContentRegionAvail().x - truth_width, 0},
                     fmt::format("believes {:.0f} %", 100 * now.presence_belief).c_str());
  ImGui::PopStyleColor();
  ImGui::SameLine();
  dim_text(now.sees_expert ? "(it is)" : "(it isn't)");
}

/// One action dimension: a bar for each bin, or mean and spread of a gaussian.
void show_odds(std::string_view name, const ActionOdds& odds, float chosen, float scale) {
  ImGui::TextUnformatted(std::string(name).c_str());
  ImGui::SameLine(kLabel * scale);
  const ImVec2 low = ImGui::GetCursorScreenPos();
  const float width = ImGui::GetContentRegionAvail().x, height = 24 * scale;
  ImDrawList& list = *ImGui::GetWindowDrawList();
  list.AddRectFilled(low, {low.x + width, low.y + height}, IM_COL32(255, 255, 255, 16), 3 * scale);
  const auto bins = static_cast<float>(odds.values.size());
  for (std::size_t b = 0; b < odds.values.size(); ++b) {
    const float left = low.x + width * static_cast<float>(b) / bins, right = left + width / bins - 2 * scale;
    const bool is_chosen = std::abs(odds.values[b] - chosen) < 1e-3F;
    const float top = low.y + height - std::max(1.0F, (height - 2 * scale) * odds.probabilities[b]);
    list.AddRectFilled({left + scale, top}, {right, low.y + height},
                       to_colour(is_chosen ? okabe_ito::orange : okabe_ito::sky_blue, is_chosen ? 1.0F : 0.75F));
    // On whole pixels: the thin minus would vanish between them.
    const std::string text = fmt::format("{:g}", odds.values[b]);
    const float size = kTextHeight * scale;
    put_text(list, {std::floor(0.5F * (left + right - text_size(text, size).x)), std::floor(low.y + 3 * scale)}, size,
             IM_COL32(255, 255, 255, 170), text);
  }
  if (odds.values.empty()) {
    const auto x = [&](float value) { return low.x + width * std::clamp(0.5F + 0.5F * value, 0.0F, 1.0F); };
    list.AddRectFilled({x(odds.mean - odds.deviation), low.y + 0.3F * height},
                       {x(odds.mean + odds.deviation), low.y + 0.7F * height}, to_colour(okabe_ito::sky_blue, 0.6F));
    list.AddLine({x(odds.mean), low.y}, {x(odds.mean), low.y + height}, to_colour(okabe_ito::sky_blue), 2 * scale);
    list.AddLine({x(chosen), low.y}, {x(chosen), low.y + height}, to_colour(okabe_ito::orange), 2 * scale);
  }
  ImGui::Dummy({width, height});
}

/// The remembered entries as discs, newest first, and what each head looks up: the fainter, the less it found.
void show_recollection(const Recollection& recollection, float scale) {
  if (recollection.readings.empty()) return;
  ImDrawList& list = *ImGui::GetWindowDrawList();
  const float radius = 7 * scale;
  const auto place_of = [&](std::size_t index) {
    const ImVec2 low = ImGui::GetCursorScreenPos();
    return ImVec2{low.x + (2.5F * static_cast<float>(index) + 1.2F) * radius, low.y + 1.3F * radius};
  };
  ImGui::Spacing();
  dim_text("Remembers, newest first (+ paid, - cost)");
  const Palette palette;
  for (std::size_t k = 0; k < recollection.events.size(); ++k) {
    const RememberedEvent& event = recollection.events[k];
    put_entry(list, place_of(k), radius, event.colour, event.reward > 0 ? 1 : event.reward < 0 ? -1 : 0, palette);
  }
  ImGui::Dummy({ImGui::GetContentRegionAvail().x, 2.6F * radius});
  ImGui::TextUnformatted("Looks up");
  tooltip(
      "What the heads of its episodic memory find now: the first one, what followed this goal when it was here "
      "before. Faint: nothing found.",
      scale);
  ImGui::SameLine(kLabel * scale);
  for (std::size_t k = 0; k < recollection.readings.size(); ++k) {
    const MemoryReading& reading = recollection.readings[k];
    list.AddCircle(place_of(k), radius, IM_COL32(255, 255, 255, 70), 0, scale);
    list.AddCircleFilled(place_of(k), radius, to_colour(reading.colour, std::clamp(reading.found, 0.0F, 1.0F)));
  }
  ImGui::Dummy({ImGui::GetContentRegionAvail().x, 2.6F * radius});
}

}  // namespace

float KnowledgePanel::width(const Window& window, const SessionView& view) const {
  return open && view.knowledge ? (kWidth + 2 * kGap) * window.style().scale : 0;
}

void KnowledgePanel::show(const Window& window, const SessionView& view, float bottom) {
  if (!open || !view.knowledge) return;
  const float s = window.style().scale;
  const float right = static_cast<float>(window.size().width) - kGap * s;
  const float above = kAboveStrip + (view.knowledge->now().recollection.readings.empty() ? 0 : kRecollection);
  const float strip = std::clamp(bottom / s - kGap - above - kBelowStrip, 40.0F, 200.0F);
  begin_fitting_panel("knowledge", {right, kGap * s}, {1, 0}, kWidth * s);
  heading("What the agent knows");
  const AgentThought& now = view.knowledge->now();
  show_value(*view.knowledge, s);
  show_presence(now, s);
  ImGui::Spacing();
  dim_text("Likely actions (orange: chosen)");
  for (std::size_t i = 0; i < kActionComponents.size(); ++i)
    show_odds(kActionComponents[i].name, now.odds[i], now.action.*kActionComponents[i].value, s);
  show_recollection(now.recollection, s);
  ImGui::Spacing();
  dim_text(fmt::format("Memory cells, last {:.0f} s (blue -, orange +)",
                       kShownSteps / static_cast<double>(view.task->parameters.control_rate)));
  strip_.show(*view.knowledge, ImGui::GetContentRegionAvail().x, strip * s, s);
  ImGui::End();
}

}  // namespace medal
