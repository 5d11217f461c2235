#include "viewer/window/panels/cell_strip.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "viewer/drawing/opengl/texture.h"
#include "viewer/drawing/scene/palette.h"
#include "viewer/overlay/overlay_parts.h"
#include "viewer/window/theme.h"

namespace medal {
namespace {

constexpr float kCurveHeight = 34;  // pixels at scale 1

/// Cells have no bounds; most stay within a few units.
float squashed(float cell) { return std::tanh(cell); }

/// The telling cell over the shown steps.
void show_curve(const AgentKnowledge& knowledge, ImVec2 low, ImVec2 high, float scale) {
  ImDrawList& list = *ImGui::GetWindowDrawList();
  list.AddRectFilled(low, high, IM_COL32(255, 255, 255, 16));
  const std::size_t first = first_shown(knowledge, kShownSteps), count = knowledge.history.size() - first;
  const auto x = [&](std::size_t k) {
    return low.x + (high.x - low.x) * static_cast<float>(k) / static_cast<float>(std::max<std::size_t>(count, 1));
  };
  std::vector<ImVec2> points;
  for (std::size_t k = 0; k < count; ++k) {
    const AgentThought& thought = *knowledge.history[first + k];
    if (thought.sees_expert) list.AddRectFilled({x(k), low.y}, {x(k + 1), high.y}, to_colour(okabe_ito::orange, 0.28F));
    if (knowledge.telling.cell < 0) continue;
    const float value = squashed(thought.cells[static_cast<std::size_t>(knowledge.telling.cell)]);
    points.push_back({x(k), 0.5F * (low.y + high.y) - 0.46F * (high.y - low.y) * value});
  }
  list.AddPolyline(points.data(), static_cast<int>(points.size()), IM_COL32_WHITE, 0, 1.4F * scale);
}

}  // namespace

std::size_t first_shown(const AgentKnowledge& knowledge, int most) {
  const std::size_t count = knowledge.history.size();
  return count > static_cast<std::size_t>(most) ? count - static_cast<std::size_t>(most) : 0;
}

CellPicture cell_picture(const AgentKnowledge& knowledge, int most) {
  const std::size_t first = first_shown(knowledge, most);
  CellPicture picture{
      static_cast<int>(knowledge.history.size() - first), static_cast<int>(knowledge.now().cells.size()), {}};
  picture.pixels.reserve(static_cast<std::size_t>(picture.steps * picture.cells) * 4);
  for (std::size_t cell = 0; cell < knowledge.now().cells.size(); ++cell)
    for (std::size_t k = first; k < knowledge.history.size(); ++k) {
      const float value = squashed(knowledge.history[k]->cells[cell]);
      const Vec3 colour =
          Vec3(0.06F, 0.08F, 0.11F) + std::abs(value) * (value > 0 ? okabe_ito::orange : okabe_ito::sky_blue);
      for (int channel = 0; channel < 3; ++channel)
        picture.pixels.push_back(static_cast<std::uint8_t>(255 * std::min(1.0F, colour[channel])));
      picture.pixels.push_back(255);
    }
  return picture;
}

void CellStrip::show(const AgentKnowledge& knowledge, float width, float height, float scale) {
  const auto cells = static_cast<float>(knowledge.now().cells.size());
  if (cells == 0) {
    dim_text("This network has no memory.");
    return;
  }
  if (shown_ != knowledge.history.back()) {
    const CellPicture picture = cell_picture(knowledge, kShownSteps);
    texture_ = make_rgba_texture(picture.steps, picture.cells, picture.pixels, GL_NEAREST);
    shown_ = knowledge.history.back();
  }
  const ImVec2 low = ImGui::GetCursorScreenPos();
  // ImGui takes the texture's name for a pointer.
  ImGui::Image(reinterpret_cast<ImTextureID>(static_cast<std::intptr_t>(texture_.name())), {width, height});
  const TellingCell& telling = knowledge.telling;
  if (telling.cell >= 0) {
    const float y = low.y + height * (static_cast<float>(telling.cell) + 0.5F) / cells;
    ImDrawList& list = *ImGui::GetWindowDrawList();
    for (const float side : {-1.0F, 1.0F}) {
      const float x = side < 0 ? low.x : low.x + width;
      list.AddTriangleFilled({x, y - 4 * scale}, {x, y + 4 * scale}, {x - side * 7 * scale, y}, IM_COL32_WHITE);
    }
    list.AddLine({low.x, y}, {low.x + width, y}, IM_COL32(255, 255, 255, 90), 1);
    dim_text(fmt::format("Cell {} tells of the expert, r = {:+.2f}", telling.cell, telling.correlation));
  } else {
    dim_text("No cell tells of the expert yet.");
  }
  const ImVec2 curve = ImGui::GetCursorScreenPos();
  show_curve(knowledge, curve, {curve.x + width, curve.y + kCurveHeight * scale}, scale);
  ImGui::Dummy({width, kCurveHeight * scale});
}

}  // namespace medal
