#include "viewer/drawing/scene/camera.h"

#include <algorithm>
#include <cmath>
#include <numbers>
#include <vector>

#include "sim/lidar/lidar.h"

namespace medal {
namespace {

constexpr float kPi = std::numbers::pi_v<float>;

// Overview: from the south-west, a long lens, so that near and far goals look alike.
constexpr float kOverviewAzimuth = -0.61F * kPi;  // rad, of the eye as seen from the middle
constexpr float kOverviewElevation = 0.68F;       // rad
constexpr float kOverviewField = 0.42F;           // rad
constexpr float kOverviewHeight = 1.2F;           // m above the highest ground that must be seen, too
constexpr float kOverviewDepth = 1.3F;            // m of the block below the lowest ground
constexpr float kMargin = 0.90F;                  // share of the picture that the arena fills
constexpr float kShift = 0.07F;                   // of half the picture to the right: scores stand on the left

constexpr float kTopHeight = 40.0F;  // m
constexpr float kTopMargin = 1.04F;
constexpr float kTopShift = 0.14F;  // of half the picture, where there is room

constexpr float kShoulderDistance = 5.0F;                                       // m from the head
constexpr float kShoulderEnough = 3.0F;                                         // m
constexpr std::array<float, 4> kShoulderPitches = {0.41F, 0.75F, 1.1F, 1.45F};  // rad
constexpr float kShoulderAhead = 3.0F;    // m in front of the avatar: what one looks at
constexpr float kSolidClearance = 0.35F;  // m between the eye and what it must not enter
constexpr float kPersonField = 0.95F;     // rad

Vec3 heading(float yaw) { return {std::cos(yaw), std::sin(yaw), 0}; }

/// What an overview must show: the corners of the arena, low and high.
std::vector<Vec3> corners(const Task& task) {
  const auto [low, high] = std::minmax_element(task.terrain.heights.begin(), task.terrain.heights.end());
  const float half = task.terrain.half_size();
  std::vector<Vec3> points;
  for (const float x : {-half, half})
    for (const float y : {-half, half})
      for (const float z : {static_cast<float>(*low) * Terrain::kHeightUnit - kOverviewDepth,
                            static_cast<float>(*high) * Terrain::kHeightUnit + kOverviewHeight})
        points.emplace_back(x, y, z);
  return points;
}

/// Where the points lie in the picture: left, bottom, right, top in [-1, 1].
struct Extent {
  Vec2 low = Vec2::Constant(1e9F), high = Vec2::Constant(-1e9F);
};

Extent extent_of(const std::vector<Vec3>& points, const Camera& camera, PixelSize size) {
  const Eigen::Matrix4f matrix = projection_matrix(camera, size) * view_matrix(camera);
  Extent extent;
  for (const Vec3& point : points) {
    const Eigen::Vector4f clip = matrix * point.homogeneous();
    const Vec2 place = clip.head<2>() / clip.w();
    extent.low = extent.low.cwiseMin(place);
    extent.high = extent.high.cwiseMax(place);
  }
  return extent;
}

}  // namespace

Camera overview_camera(const Task& task, PixelSize size, float yaw) {
  const float azimuth = kOverviewAzimuth + yaw;
  const Vec3 away(std::cos(azimuth) * std::cos(kOverviewElevation), std::sin(azimuth) * std::cos(kOverviewElevation),
                  std::sin(kOverviewElevation));
  const Vec3 right = Vec3::UnitZ().cross(away).normalized(), up = away.cross(right);
  const std::vector<Vec3> points = corners(task);
  Camera camera;
  camera.field_of_view = kOverviewField;
  float distance = 4.0F * task.terrain.size();
  // Each round centres what is seen and scales it to the picture; perspective makes that inexact, and less so each
  // time.
  for (int round = 0; round < 8; ++round) {
    camera.eye = camera.target + distance * away;
    const Extent extent = extent_of(points, camera, size);
    const Vec2 middle = 0.5F * (extent.low + extent.high) - Vec2(kShift, 0), half = 0.5F * (extent.high - extent.low);
    const float reach = distance * std::tan(0.5F * kOverviewField);
    camera.target += reach * (middle.x() * size.aspect() * right + middle.y() * up);
    distance *= std::max(half.x(), half.y()) / kMargin;
  }
  camera.eye = camera.target + distance * away;
  camera.near = 0.2F * distance;
  camera.far = 3.0F * distance;
  return camera;
}

Camera top_camera(const Task& task, PixelSize size) {
  Camera camera;
  camera.up = Vec3::UnitY();
  camera.parallel_height = kTopMargin * task.terrain.size() / std::min(1.0F, size.aspect());
  const float shift = std::clamp(1.0F - 1.0F / size.aspect(), 0.0F, kTopShift);
  camera.target = Vec3(-0.5F * shift * camera.parallel_height * size.aspect(), 0, 0);
  camera.eye = camera.target + Vec3(0, 0, kTopHeight);
  camera.near = 1.0F;
  camera.far = 2.0F * kTopHeight;
  return camera;
}

Camera shoulder_camera(const Task& task, const AvatarState& avatar) {
  const Vec3 ahead = heading(avatar.yaw);
  const Vec3 head = avatar.feet + Vec3(0, 0, avatar.height());
  Camera camera;
  float longest = -1.0F;
  // From steeper above where something stands behind, as far as one has to.
  for (const float pitch : kShoulderPitches) {
    const Vec3 direction = -std::cos(pitch) * ahead + Vec3(0, 0, std::sin(pitch));
    const float solid =
        cast_ray_reference(task, head, direction, kShoulderDistance + kSolidClearance, {}).solid_distance;
    const float distance = solid < 0 ? kShoulderDistance : std::max(0.0F, solid - kSolidClearance);
    if (distance > longest) {
      longest = distance;
      camera.eye = head + distance * direction;
    }
    if (longest >= kShoulderEnough) break;
  }
  camera.eye.z() = std::max(camera.eye.z(), task.terrain.height(camera.eye.x(), camera.eye.y()) + kSolidClearance);
  camera.target = avatar.feet + kShoulderAhead * ahead + Vec3(0, 0, kAvatar.eye_height);
  camera.field_of_view = kPersonField;
  return camera;
}

Camera first_person_camera(const AvatarState& avatar) {
  Camera camera;
  camera.eye = avatar.eye();
  camera.target = camera.eye + heading(avatar.yaw);
  camera.field_of_view = kPersonField;
  camera.near = 0.05F;
  return camera;
}

Camera glide(const Camera& from, const Camera& to, float seconds) {
  constexpr float kResponse = 0.18F;  // s
  const float share = 1.0F - std::exp(-seconds / kResponse);
  Camera camera = to;
  camera.eye = from.eye + share * (to.eye - from.eye);
  camera.target = from.target + share * (to.target - from.target);
  return camera;
}

Eigen::Matrix4f view_matrix(const Camera& camera) {
  const Vec3 back = (camera.eye - camera.target).normalized();
  const Vec3 right = camera.up.cross(back).normalized();
  const Vec3 up = back.cross(right);
  Eigen::Matrix4f view = Eigen::Matrix4f::Identity();
  view.block<1, 3>(0, 0) = right.transpose();
  view.block<1, 3>(1, 0) = up.transpose();
  view.block<1, 3>(2, 0) = back.transpose();
  view.block<3, 1>(0, 3) = -view.block<3, 3>(0, 0) * camera.eye;
  return view;
}

Eigen::Matrix4f projection_matrix(const Camera& camera, PixelSize size) {
  Eigen::Matrix4f projection = Eigen::Matrix4f::Zero();
  const float depth = camera.far - camera.near;
  if (camera.parallel_height > 0) {
    projection(0, 0) = 2.0F / (camera.parallel_height * size.aspect());
    projection(1, 1) = 2.0F / camera.parallel_height;
    projection(2, 2) = -2.0F / depth;
    projection(2, 3) = -(camera.far + camera.near) / depth;
    projection(3, 3) = 1.0F;
    return projection;
  }
  const float zoom = 1.0F / std::tan(0.5F * camera.field_of_view);
  projection(0, 0) = zoom / size.aspect();
  projection(1, 1) = zoom;
  projection(2, 2) = -(camera.far + camera.near) / depth;
  projection(2, 3) = -2.0F * camera.far * camera.near / depth;
  projection(3, 2) = -1.0F;
  return projection;
}

std::optional<ScreenPoint> project(const Camera& camera, PixelSize size, const Vec3& point) {
  const Eigen::Vector4f seen = view_matrix(camera) * Eigen::Vector4f(point.x(), point.y(), point.z(), 1.0F);
  if (-seen.z() < camera.near) return std::nullopt;
  const Eigen::Vector4f clip = projection_matrix(camera, size) * seen;
  const Vec2 relative = clip.head<2>() / clip.w();
  return ScreenPoint{{(0.5F + 0.5F * relative.x()) * static_cast<float>(size.width),
                      (0.5F - 0.5F * relative.y()) * static_cast<float>(size.height)},
                     -seen.z()};
}

}  // namespace medal
