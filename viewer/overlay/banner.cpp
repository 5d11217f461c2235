#include <algorithm>

#include "viewer/overlay/overlay.h"
#include "viewer/overlay/overlay_parts.h"

namespace medal {

void draw_banner(ImDrawList& list, const std::vector<std::string>& lines, const OverlayArea& area, float y,
                 const OverlayStyle& style) {
  if (lines.empty()) return;
  const auto height_at = [](std::size_t line, float scale) { return (line == 0 ? 1.35F : 1.0F) * kTextHeight * scale; };
  const auto width_at = [&](float scale) {
    float width = 2.8F * kPadding * scale;
    for (std::size_t k = 0; k < lines.size(); ++k)
      width = std::max(width, text_size(lines[k], height_at(k, scale)).x + 2.8F * kPadding * scale);
    return width;
  };
  // Smaller where it would not fit.
  const float s = style.scale * std::min(1.0F, (area.high.x - area.low.x) / width_at(style.scale));
  const float pad = 1.4F * kPadding * s, width = width_at(s) - 2 * pad;
  const auto height_of = [&](std::size_t line) { return height_at(line, s); };
  float height = -0.35F * kTextHeight * s;
  for (std::size_t k = 0; k < lines.size(); ++k) height += height_of(k) + 0.35F * kTextHeight * s;
  const float middle = 0.5F * (area.low.x + area.high.x);
  put_plate(list, {{middle - 0.5F * width - pad, y}, {middle + 0.5F * width + pad, y + height + 2 * pad}}, s);
  y += pad;
  for (std::size_t k = 0; k < lines.size(); ++k) {
    const float line_width = text_size(lines[k], height_of(k)).x;
    put_text(list, {middle - 0.5F * line_width, y}, height_of(k),
             k == 0 ? IM_COL32_WHITE : IM_COL32(205, 213, 222, 255), lines[k]);
    y += height_of(k) + 0.35F * kTextHeight * s;
  }
}

}  // namespace medal
