#pragma once

#include "viewer/drawing/opengl/offscreen_context.h"
#include "viewer/drawing/opengl/render_target.h"
#include "viewer/drawing/renderer/scene_renderer.h"
#include "viewer/overlay/offscreen_overlay.h"

namespace medal {

/// Makes pictures without a window. Throws UserError where there is no OpenGL, or the size is too large for it.
class Studio {
 public:
  explicit Studio(PixelSize size, const DrawingQuality& quality = {});

  PixelSize size() const { return target_.size(); }
  /// The scene, and over it tags, scores, minimap and legend.
  Image take(const Scene& scene, const Scoreboard& board, const Camera& camera);
  /// The scene alone.
  Image take(const Scene& scene, const Camera& camera);

 private:
  void draw_scene(const Scene& scene, const Camera& camera);

  OffscreenContext context_;  ///< first: the others live in it
  RenderTarget target_;
  SceneRenderer renderer_;
  OverlayStyle style_;
  OffscreenOverlay overlay_;
};

}  // namespace medal
