#pragma once

#include <memory>

#include "viewer/drawing/scene/camera.h"
#include "viewer/drawing/scene/palette.h"
#include "viewer/drawing/scene/scene.h"

namespace medal {

/// What drawing may cost. The defaults hold 15 frames a second at 1280x720 in software on two cores.
struct DrawingQuality {
  int samples = 4;             ///< for each pixel, of the RenderTarget
  int shadow_map_side = 1536;  ///< texels
  int light_map_side = 256;    ///< texels
};

/// Draws scenes. Keeps what belongs to the task that was drawn last on the graphics card. A context must be current
/// whenever one is made, used or destroyed.
class SceneRenderer {
 public:
  explicit SceneRenderer(const DrawingQuality& quality = {}, const Palette& palette = {});
  ~SceneRenderer();
  SceneRenderer(const SceneRenderer&) = delete;

  /// Draws over the whole viewport of `size` whose lower left corner is (0, 0) in the framebuffer that is bound now
  /// (see RenderTarget::bind). Avatars whose body holds the camera are left out. Changes OpenGL's state and restores
  /// nothing but the bound framebuffer. `scale` enlarges what is measured in pixels.
  void draw(const Scene& scene, const Camera& camera, PixelSize size, float scale = 1.0F);

 private:
  struct Implementation;
  std::unique_ptr<Implementation> implementation_;
};

}  // namespace medal
