#pragma once

#include <Eigen/Core>
#include <functional>

#include "sim/task/task.h"
#include "viewer/drawing/opengl/gl_object.h"

namespace medal {

/// Depth as the sun sees the arena. What stands still is drawn once for a task, what moves in every frame.
class ShadowMap {
 public:
  explicit ShadowMap(int side);

  /// How the sun sees the whole arena: world to clip space, and world to the map's coordinates in [0, 1].
  static Eigen::Matrix4f view_projection(const Task& task, const Vec3& towards_sun);
  static Eigen::Matrix4f to_map(const Eigen::Matrix4f& view_projection);
  /// Draws what stands still: `draw` issues the draw calls with a depth program in use.
  void draw_still(const std::function<void()>& draw);
  /// Starts from what stands still and adds what moves.
  void draw_moving(const std::function<void()>& draw);
  GLuint texture() const { return moving_.name(); }

 private:
  int side_;
  GlTexture still_, moving_;
  GlFramebuffer still_target_, moving_target_;
};

}  // namespace medal
