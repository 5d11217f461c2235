#pragma once

#include <memory>
#include <optional>

#include "viewer/drawing/opengl/render_target.h"
#include "viewer/drawing/renderer/scene_renderer.h"
#include "viewer/sessions/session_view.h"
#include "viewer/window/follow_camera.h"
#include "viewer/window/view_scene.h"
#include "viewer/window/window.h"

namespace medal {

/// A part of the window that shows a session's world, with tags, scores, map and legend over it.
class WorldPane {
 public:
  WorldPane(const Window& window, CameraKind camera);

  FollowCamera camera;
  SceneChoices choices;
  int subject = 0;       ///< avatar that the camera follows
  bool overlays = true;  ///< map and legend
  bool legend = true;    ///< room for one; false where two worlds are side by side

  /// What a person chooses to see: Tab (camera), L (LIDAR), O (order), M (map and legend), a drag turns the overview.
  void read_input();
  /// How far down a panel at the right edge of an area may reach: not over the map; pixels.
  float panel_bottom(const OverlayArea& area) const;
  /// Draws a moment. `yaw_ahead` (rad) turns the camera further than the avatar that it follows is turned yet. A panel
  /// covers `covered` pixels at the right: a camera that shows the whole arena shows it beside that.
  void draw(const SessionView& view, const OverlayArea& area, double seconds, float covered = 0, float yaw_ahead = 0);

 private:
  void draw_world(const Scene& scene, const Camera& camera, const OverlayArea& area);

  const Window& window_;
  SampleGovernor governor_;
  SceneRenderer renderer_;
  std::optional<RenderTarget> target_;
  int target_samples_ = 0;
};

}  // namespace medal
