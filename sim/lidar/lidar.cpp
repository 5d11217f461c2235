#include "sim/lidar/lidar.h"

#include <algorithm>
#include <cmath>
#include <numbers>
#include <string>

#include "sim/base/error.h"
#include "sim/lidar/lidar_kernel.h"

namespace medal {

namespace {

constexpr std::size_t kWidestVector = 16;
constexpr std::size_t kMostRays = 1024;
constexpr std::size_t kMostAvatars = kMaximumLearners + 1;

std::size_t padded(std::size_t rays) { return (rays + kWidestVector - 1) / kWidestVector * kWidestVector; }

void cast_rays(SimdPath path, const LidarKernelData& data) {
#if defined(__x86_64__)
  if (path == SimdPath::avx512) return cast_rays_avx512(data);
  if (path == SimdPath::avx2) return cast_rays_avx2(data);
#endif
  static_cast<void>(path);
  cast_rays_portable(data);
}

/// Results and objects of one cast, on the stack.
struct Scratch {
  alignas(64) float solid_distance[kMostRays], goal_distance[kMostRays], avatar_distance[kMostRays];
  alignas(64) std::int32_t solid_kind[kMostRays], goal[kMostRays];
  float avatar_x[kMostAvatars], avatar_y[kMostAvatars], avatar_low[kMostAvatars], avatar_high[kMostAvatars];
};

}  // namespace

LidarScene::LidarScene(const Task& task) {
  constexpr std::size_t kBoxNumbers = 8, kGoalNumbers = 4;
  numbers_.reserve(kBoxNumbers * task.obstacles.size() + kGoalNumbers * task.goals.size());  // never moves again
  const auto column = [&](const auto& things, auto&& number_of) {
    const float* begin = numbers_.data() + numbers_.size();
    for (const auto& thing : things) numbers_.push_back(number_of(thing));
    return begin;
  };
  const auto& heights = task.terrain.heights;
  LidarKernelScene& scene = kernel_scene_;
  scene.heights = heights.data();
  scene.cells = task.terrain.cells;
  scene.cell_size = task.terrain.cell_size;
  scene.half_size = task.terrain.half_size();
  scene.height_unit = Terrain::kHeightUnit;
  scene.highest = static_cast<float>(*std::max_element(heights.begin(), heights.end() - 2)) * Terrain::kHeightUnit;

  for (const Obstacle& box : task.obstacles) kinds_.push_back(static_cast<std::int32_t>(box.kind));
  scene.boxes = static_cast<int>(task.obstacles.size());
  scene.box_x = column(task.obstacles, [](const Obstacle& box) { return box.center.x(); });
  scene.box_y = column(task.obstacles, [](const Obstacle& box) { return box.center.y(); });
  scene.box_z = column(task.obstacles, [](const Obstacle& box) { return box.center.z(); });
  scene.box_half_x = column(task.obstacles, [](const Obstacle& box) { return box.half_extents.x(); });
  scene.box_half_y = column(task.obstacles, [](const Obstacle& box) { return box.half_extents.y(); });
  scene.box_half_z = column(task.obstacles, [](const Obstacle& box) { return box.half_extents.z(); });
  scene.box_cos = column(task.obstacles, [](const Obstacle& box) { return std::cos(box.yaw); });
  scene.box_sin = column(task.obstacles, [](const Obstacle& box) { return std::sin(box.yaw); });
  scene.box_kind = kinds_.data();

  scene.goals = static_cast<int>(task.goals.size());
  scene.goal_x = column(task.goals, [](const Goal& goal) { return goal.center.x(); });
  scene.goal_y = column(task.goals, [](const Goal& goal) { return goal.center.y(); });
  scene.goal_z = column(task.goals, [](const Goal& goal) { return goal.center.z(); });
  scene.goal_radius = column(task.goals, [](const Goal& goal) { return goal.radius; });
}

LidarCaster::LidarCaster(const LidarOptions& options, SimdPath path) : options_(options), path_(path) {
  const std::size_t rays = padded(static_cast<std::size_t>(options.rays()));
  if (rays > kMostRays)
    throw UserError("lidar.azimuths x lidar.pitches = " + std::to_string(options.rays()) + " rays; at most " +
                    std::to_string(kMostRays) + " are possible");
  for (float pitch : options.pitches)
    for (int a = 0; a < options.azimuths; ++a) {
      const double elevation = static_cast<double>(pitch) * std::numbers::pi / 180.0;
      const double azimuth = 2.0 * std::numbers::pi * a / options.azimuths;
      direction_x_.push_back(static_cast<float>(std::cos(elevation) * std::cos(azimuth)));
      direction_y_.push_back(static_cast<float>(std::cos(elevation) * std::sin(azimuth)));
      direction_z_.push_back(static_cast<float>(std::sin(elevation)));
    }
  direction_x_.resize(rays, 1.0F);
  direction_y_.resize(rays, 0.0F);
  direction_z_.resize(rays, 0.0F);
}

void LidarCaster::cast(const LidarScene& scene, const Vec3& eye, float yaw, std::span<const LidarAvatar> visible,
                       std::span<RayHit> hits) const {
  MEDAL_CHECK(visible.size() <= kMostAvatars, "more avatars than can be");
  Scratch scratch;
  for (std::size_t a = 0; a < visible.size(); ++a) {
    scratch.avatar_x[a] = visible[a].feet.x();
    scratch.avatar_y[a] = visible[a].feet.y();
    scratch.avatar_low[a] = visible[a].feet.z() + kAvatar.radius;
    scratch.avatar_high[a] = visible[a].feet.z() + visible[a].height - kAvatar.radius;
  }
  LidarKernelData data;
  data.rays = {direction_x_.data(), direction_y_.data(), direction_z_.data(), static_cast<int>(direction_x_.size()),
               options_.range};
  data.scene = scene.kernel_scene();
  data.eye_x = eye.x();
  data.eye_y = eye.y();
  data.eye_z = eye.z();
  data.cos_yaw = std::cos(yaw);
  data.sin_yaw = std::sin(yaw);
  data.avatar_x = scratch.avatar_x;
  data.avatar_y = scratch.avatar_y;
  data.avatar_low = scratch.avatar_low;
  data.avatar_high = scratch.avatar_high;
  data.avatars = static_cast<int>(visible.size());
  data.avatar_radius = kAvatar.radius;
  data.solid_distance = scratch.solid_distance;
  data.solid_kind = scratch.solid_kind;
  data.goal_distance = scratch.goal_distance;
  data.goal = scratch.goal;
  data.avatar_distance = scratch.avatar_distance;
  cast_rays(path_, data);
  for (std::size_t r = 0; r < hits.size(); ++r)
    hits[r] = {scratch.solid_distance[r], static_cast<SolidKind>(scratch.solid_kind[r]), scratch.goal_distance[r],
               scratch.goal[r], scratch.avatar_distance[r]};
}

}  // namespace medal
