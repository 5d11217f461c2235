#include "viewer/window/follow_camera.h"

#include <Eigen/Geometry>
#include <algorithm>
#include <cmath>

namespace medal {
namespace {

constexpr float kMostTilt = 1.0F;         // rad
constexpr float kGroundClearance = 0.3F;  // m, of the eye

/// Eye and target, seen from the avatar.
Camera to_frame(Camera camera, const AvatarState& avatar) {
  const Eigen::AngleAxisf turn(-avatar.yaw, Vec3::UnitZ());
  for (Vec3* point : {&camera.eye, &camera.target}) *point = turn * (*point - avatar.feet);
  return camera;
}

Camera from_frame(Camera camera, const AvatarState& avatar) {
  const Eigen::AngleAxisf turn(avatar.yaw, Vec3::UnitZ());
  for (Vec3* point : {&camera.eye, &camera.target}) *point = avatar.feet + turn * *point;
  return camera;
}

}  // namespace

void FollowCamera::set_kind(CameraKind kind) {
  kind_ = kind;
  settled_.reset();
}

void FollowCamera::next_kind() {
  constexpr CameraKind order[] = {CameraKind::shoulder, CameraKind::first_person, CameraKind::overview,
                                  CameraKind::top};
  const auto* now = std::find(std::begin(order), std::end(order), kind_);
  set_kind(order[(now - order + 1) % std::ssize(order)]);
}

void FollowCamera::tilt(float angle) { tilt_ = std::clamp(tilt_ + angle, -kMostTilt, kMostTilt); }

Camera FollowCamera::update(const Task& task, const AvatarState* subject, PixelSize size, double seconds) {
  if (kind_ == CameraKind::top) return top_camera(task, size);
  if (kind_ == CameraKind::overview || subject == nullptr) return overview_camera(task, size, orbit_);
  Camera camera = first_person_camera(*subject);
  if (kind_ == CameraKind::shoulder) {
    const Camera wanted = to_frame(shoulder_camera(task, *subject), *subject);
    settled_ = settled_ ? glide(*settled_, wanted, static_cast<float>(seconds)) : wanted;
    camera = from_frame(*settled_, *subject);
    const float ground = task.terrain.height(camera.eye.x(), camera.eye.y()) + kGroundClearance;
    camera.eye.z() = std::max(camera.eye.z(), ground);
  }
  camera.target.z() += (camera.target - camera.eye).head<2>().norm() * std::tan(tilt_);
  return camera;
}

}  // namespace medal
