#include "viewer/overlay/overlay.h"

namespace medal {
namespace {

constexpr float kLeastWidth = 640, kLeastHeight = 420;  // pixels at scale 1, for map and legend

}  // namespace

void draw_overlays(ImDrawList& list, const Scene& scene, const Scoreboard& board, const Camera& camera,
                   const OverlayArea& world, const OverlayArea& area, const OverlayStyle& style,
                   const OverlayChoices& choices) {
  const float s = style.scale, gap = kGap * s, side = kMapSide * s;
  draw_name_tags(list, scene, camera, world, style);
  draw_scoreboard(list, board, *scene.task, {area.low.x + gap, area.low.y + gap}, style);
  if (area.high.x - area.low.x < kLeastWidth * s || area.high.y - area.low.y < kLeastHeight * s) return;
  const float right = area.high.x - gap, bottom = area.high.y - gap;
  if (choices.map && camera.parallel_height <= 0)
    draw_minimap(list, scene, {{right - side, bottom - side}, {right, bottom}}, style);
  if (choices.legend) draw_legend(list, scene, {area.low.x + gap, bottom}, style);
}

}  // namespace medal
