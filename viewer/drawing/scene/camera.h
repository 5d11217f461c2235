#pragma once

#include <Eigen/Core>
#include <array>
#include <optional>
#include <string_view>

#include "sim/task/avatar.h"
#include "sim/task/task.h"
#include "viewer/drawing/pictures/image.h"

namespace medal {

/// Where from, where to, and how wide one looks. Plain data; every function on it is pure.
struct Camera {
  Vec3 eye = Vec3(0, -20, 20);
  Vec3 target = Vec3::Zero();
  Vec3 up = Vec3::UnitZ();
  float field_of_view = 0.9F;    ///< rad, vertical
  float parallel_height = 0.0F;  ///< m from the picture's bottom to its top; > 0 makes the projection parallel
  float near = 0.1F;             ///< m
  float far = 200.0F;            ///< m
};

enum class CameraKind { overview, top, shoulder, first_person };
inline constexpr std::array<std::string_view, 4> kCameraNames = {"overview", "top", "shoulder", "first"};

/// The whole arena from a corner, turned by `yaw` (rad) about its middle; fills the picture.
Camera overview_camera(const Task& task, PixelSize size, float yaw = 0.0F);
/// The whole arena from straight above, +X to the right and +Y up, in parallel projection.
Camera top_camera(const Task& task, PixelSize size);
/// Behind and above an avatar, nearer where ground, obstacles or walls would come between.
Camera shoulder_camera(const Task& task, const AvatarState& avatar);
/// What the avatar's eyes see.
Camera first_person_camera(const AvatarState& avatar);

/// On its way from where it was to where it should be, after `seconds`; takes the jerks out of following.
Camera glide(const Camera& from, const Camera& to, float seconds);

Eigen::Matrix4f view_matrix(const Camera& camera);
Eigen::Matrix4f projection_matrix(const Camera& camera, PixelSize size);

/// A point in the picture.
struct ScreenPoint {
  Vec2 pixel = Vec2::Zero();  ///< from the upper left corner; may lie outside of the picture
  float depth = 0;            ///< m in front of the camera
};
/// Nothing where the point lies behind the camera.
std::optional<ScreenPoint> project(const Camera& camera, PixelSize size, const Vec3& point);

}  // namespace medal
