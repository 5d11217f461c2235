#include "viewer/overlay/studio.h"

#include <algorithm>

namespace medal {
namespace {

/// Text as large in proportion as at 1280x720, but never too small to read.
float scale_for(PixelSize size) {
  constexpr float kLeast = 0.7F;
  return std::max(kLeast, std::min(static_cast<float>(size.width) / 1280.0F, static_cast<float>(size.height) / 720.0F));
}

}  // namespace

Studio::Studio(PixelSize size, const DrawingQuality& quality)
    : target_(size, quality.samples), renderer_(quality), style_{scale_for(size), {}}, overlay_(style_.scale) {}

Image Studio::take(const Scene& scene, const Scoreboard& board, const Camera& camera) {
  draw_scene(scene, camera);
  const OverlayArea whole{{0, 0}, {static_cast<float>(size().width), static_cast<float>(size().height)}};
  overlay_.draw(size(), [&](ImDrawList& list) { draw_overlays(list, scene, board, camera, whole, whole, style_); });
  return target_.read();
}

Image Studio::take(const Scene& scene, const Camera& camera) {
  draw_scene(scene, camera);
  return target_.read();
}

void Studio::draw_scene(const Scene& scene, const Camera& camera) {
  target_.bind();
  renderer_.draw(scene, camera, size(), style_.scale);
  target_.resolve();
}

}  // namespace medal
