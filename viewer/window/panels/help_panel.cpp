#include "viewer/window/panels/help_panel.h"

#include <fmt/format.h>

#include <cmath>

#include "viewer/overlay/overlay_parts.h"
#include "viewer/window/theme.h"

namespace medal {
void show_help(const Window& window, const char* title, std::span<const KeyLine> lines) {
  const PixelSize size = window.size();
  const float s = window.style().scale;
  ImGui::GetBackgroundDrawList()->AddRectFilled(
      {0, 0}, {static_cast<float>(size.width), static_cast<float>(size.height)}, IM_COL32(5, 8, 14, 130));
  begin_fitting_panel("help", {0.5F * static_cast<float>(size.width), 0.5F * static_cast<float>(size.height)},
                      {0.5F, 0.5F}, 560 * s);
  ImGui::SetWindowFocus();
  heading(title);
  ImGui::Separator();
  for (const KeyLine& line : lines) {
    ImGui::TextUnformatted(line.keys);
    ImGui::SameLine(190 * s);
    dim_text(line.meaning);
  }
  ImGui::Separator();
  dim_text(fmt::format("{:.0f} frames a second at {}x{}. F1 closes this.",
                       window.frame_times().recent_frames_per_second(), size.width, size.height));
  ImGui::End();
}

void show_help_hint(const Window& window, const OverlayArea& area, bool beside_map) {
  const float s = window.style().scale;
  const std::string text = "F1: all keys";
  const float height = kTextHeight * s, width = text_size(text, height).x;
  const float right = std::floor(area.high.x - (beside_map ? kMapReach : kGap) * s), bottom = area.high.y - kGap * s;
  ImDrawList& list = *ImGui::GetBackgroundDrawList();
  put_plate(list, {{right - width - 16 * s, bottom - height - 8 * s}, {right, bottom}}, s);
  put_text(list, {std::floor(right - width - 8 * s), std::floor(bottom - height - 4 * s)}, height,
           IM_COL32(190, 199, 209, 255), text);
}

}  // namespace medal
