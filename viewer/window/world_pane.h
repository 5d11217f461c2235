#pragma once

#include <memory>
#include <optional>

#include "viewer/drawing/renderer/render_target.h"
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
  int subject = 0;  ///< avatar that the camera follows
  bool show_map = true, show_legend = true;

  /// The keys that choose what is shown: Tab (camera), L (LIDAR), O (order), M (map).
  void read_keys();
  /// Draws a moment. `yaw_ahead` (rad) turns the camera further than the avatar that it follows is turned yet. A panel
  /// covers `covered` pixels at the right: a camera that shows the whole arena shows it beside that.
  void draw(const SessionView& view, const OverlayArea& area, double seconds, float covered = 0, float yaw_ahead = 0);

 private:
  void draw_world(const Scene& scene, const Camera& camera, const OverlayArea& area);
  void draw_overlays(const SessionView& view, const Scene& scene, const Camera& camera, const OverlayArea& world,
                     const OverlayArea& area);

  const Window& window_;
  SampleGovernor governor_;
  SceneRenderer renderer_;
  std::optional<RenderTarget> target_;
  int target_samples_ = 0;
};

/// A short message in the middle of an area's width, `lines` below each other, the first one large. `y` is its upper
/// edge in pixels.
void draw_banner(ImDrawList& list, const std::vector<std::string>& lines, const OverlayArea& area, float y,
                 const OverlayStyle& style);

}  // namespace medal
