#include "viewer/overlay/overlay_parts.h"

#include <algorithm>

namespace medal {

ImU32 to_colour(const Vec3& srgb, float opacity) {
  return ImGui::ColorConvertFloat4ToU32({srgb.x(), srgb.y(), srgb.z(), opacity});
}

ImVec2 text_size(const std::string& text, float height) {
  return ImGui::GetFont()->CalcTextSizeA(height, 1e6F, 0, text.c_str());
}

void put_text(ImDrawList& list, ImVec2 place, float height, ImU32 colour, const std::string& text) {
  list.AddText(ImGui::GetFont(), height, place, colour, text.c_str());
}

void put_plate(ImDrawList& list, const OverlayArea& area, float scale) {
  list.AddRectFilled(area.low, area.high, IM_COL32(12, 17, 26, 190), 7 * scale);
  list.AddRect(area.low, area.high, IM_COL32(255, 255, 255, 30), 7 * scale);
}

void put_entry(ImDrawList& list, ImVec2 center, float radius, const Vec3& colour, int reward, const Palette& palette) {
  list.AddCircleFilled(center, radius, to_colour(colour), 24);
  // The sign in a dark badge: plus and minus are told by their shape, not only by colour.
  const ImVec2 badge(center.x + 0.75F * radius, center.y + 0.75F * radius);
  const float size = 0.70F * radius, arm = 0.44F * radius;
  list.AddCircleFilled(badge, size + 1, IM_COL32(12, 17, 26, 255), 16);
  list.AddCircleFilled(badge, size, to_colour(reward > 0 ? palette.reward : palette.penalty), 16);
  const float thick = 0.28F * radius;
  list.AddLine({badge.x - arm, badge.y}, {badge.x + arm, badge.y}, IM_COL32_WHITE, thick);
  if (reward > 0) list.AddLine({badge.x, badge.y - arm}, {badge.x, badge.y + arm}, IM_COL32_WHITE, thick);
}

int place_in_order(const Task& task, int goal) {
  return 1 + static_cast<int>(std::find(task.order.begin(), task.order.end(), goal) - task.order.begin());
}

}  // namespace medal
