#include "viewer/window/panels/knob_panel.h"

#include <imgui.h>

#include <algorithm>
#include <string>

#include "viewer/window/theme.h"

namespace medal {
namespace {

bool show_choice(const char* id, const Knob& knob, int& value) {
  bool changed = false;
  const auto name = [&](int index) { return std::string(knob.field.choices[static_cast<std::size_t>(index)]); };
  if (!ImGui::BeginCombo(id, name(value).c_str())) return false;
  for (int k = 0; k < static_cast<int>(knob.field.choices.size()); ++k)
    if (ImGui::Selectable(name(k).c_str(), k == value)) {
      value = k;
      changed = true;
    }
  ImGui::EndCombo();
  return changed;
}

bool show_knob(Knob& knob, float scale) {
  const std::string label = knob_label(knob.field), id = "##" + std::string(knob.field.name);
  ImGui::AlignTextToFramePadding();
  ImGui::TextUnformatted(label.c_str());
  tooltip(knob_help(knob.field), scale);
  ImGui::SameLine(214 * scale);
  ImGui::SetNextItemWidth(-1);
  bool changed = false;
  const auto low = static_cast<float>(knob.field.low), high = static_cast<float>(knob.field.high);
  if (float* number = std::get_if<float>(&knob.value)) {
    // Fine steps where the whole range is small; both ends of a long range can be reached.
    const char* format = high <= 0.1F ? "%.4f" : high <= 3 ? "%.2f" : "%.1f";
    const ImGuiSliderFlags curve = high / std::max(low, 0.1F) > 100 ? ImGuiSliderFlags_Logarithmic : 0;
    changed = ImGui::SliderFloat(id.c_str(), number, low, high, format, ImGuiSliderFlags_AlwaysClamp | curve);
  } else {
    int& integer = std::get<int>(knob.value);
    changed = knob.is_choice()
                  ? show_choice(id.c_str(), knob, integer)
                  : ImGui::SliderInt(id.c_str(), &integer, static_cast<int>(knob.field.low),
                                     static_cast<int>(knob.field.high), "%d", ImGuiSliderFlags_AlwaysClamp);
  }
  tooltip(knob_help(knob.field), scale);
  return changed;
}

}  // namespace

bool show_knobs(std::vector<Knob>& knobs, float scale) {
  bool changed = false;
  for (Knob& knob : knobs) changed = show_knob(knob, scale) || changed;
  return changed;
}

}  // namespace medal
