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

LidarScene::LidarScene(const Task& played) : task(&played) {
  for (const Obstacle& o : played.obstacles) {
    box_x.push_back(o.center.x());
    box_y.push_back(o.center.y());
    box_z.push_back(o.center.z());
    box_half_x.push_back(o.half_extents.x());
    box_half_y.push_back(o.half_extents.y());
    box_half_z.push_back(o.half_extents.z());
    box_cos.push_back(std::cos(o.yaw));
    box_sin.push_back(std::sin(o.yaw));
    box_kind.push_back(static_cast<std::int32_t>(o.kind));
  }
  for (const Goal& g : played.goals) {
    goal_x.push_back(g.center.x());
    goal_y.push_back(g.center.y());
    goal_z.push_back(g.center.z());
    goal_radius.push_back(g.radius);
  }
  const auto& heights = played.terrain.heights;
  highest = static_cast<float>(*std::max_element(heights.begin(), heights.end() - 2)) * Terrain::kHeightUnit;
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
  const Terrain& terrain = scene.task->terrain;
  LidarKernelData data;
  data.direction_x = direction_x_.data();
  data.direction_y = direction_y_.data();
  data.direction_z = direction_z_.data();
  data.padded_rays = static_cast<int>(direction_x_.size());
  data.range = options_.range;
  data.eye_x = eye.x();
  data.eye_y = eye.y();
  data.eye_z = eye.z();
  data.cos_yaw = std::cos(yaw);
  data.sin_yaw = std::sin(yaw);
  data.heights = terrain.heights.data();
  data.cells = terrain.cells;
  data.cell_size = terrain.cell_size;
  data.half_size = terrain.half_size();
  data.height_unit = Terrain::kHeightUnit;
  data.highest = scene.highest;
  data.box_x = scene.box_x.data();
  data.box_y = scene.box_y.data();
  data.box_z = scene.box_z.data();
  data.box_half_x = scene.box_half_x.data();
  data.box_half_y = scene.box_half_y.data();
  data.box_half_z = scene.box_half_z.data();
  data.box_cos = scene.box_cos.data();
  data.box_sin = scene.box_sin.data();
  data.box_kind = scene.box_kind.data();
  data.boxes = static_cast<int>(scene.box_x.size());
  data.goal_x = scene.goal_x.data();
  data.goal_y = scene.goal_y.data();
  data.goal_z = scene.goal_z.data();
  data.goal_radius = scene.goal_radius.data();
  data.goals = static_cast<int>(scene.goal_x.size());
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
