#pragma once

#include <span>
#include <vector>

#include "sim/base/options.h"
#include "sim/base/simd_path.h"
#include "sim/lidar/lidar_kernel.h"
#include "sim/task/avatar.h"
#include "sim/task/task.h"

namespace medal {

/// Rays in rings around the avatar's eye.
struct LidarOptions {
  int azimuths = 32;
  std::vector<float> pitches = {0.0F, -12.0F};  ///< degrees, one ring each; negative looks down
  float range = 40.0F;
  float proximity_scale = 5.0F;

  int rays() const { return azimuths * static_cast<int>(pitches.size()); }
};

template <class Visitor>
void describe(LidarOptions& o, Visitor&& visit) {
  visit(Field{"azimuths", "", 4, 128, "Rays in each ring; ray 0 looks forward, then counter-clockwise."}, o.azimuths);
  visit(Field{"pitches", "deg", -89, 89, "One ring of rays for each pitch; negative looks down."}, o.pitches);
  visit(Field{"range", "m", 1, 100, "Farthest hit."}, o.range);
  visit(Field{"proximity_scale", "m", 0.1, 100, "A hit at distance d is observed as scale / (scale + d), no hit as 0."},
        o.proximity_scale);
}

/// What one ray meets. Distances in m; a negative distance means nothing in range.
struct RayHit {
  float solid_distance = -1.0F;
  SolidKind solid = SolidKind::terrain;
  float goal_distance = -1.0F;  ///< nearest goal in front of the solid
  int goal = -1;
  float avatar_distance = -1.0F;  ///< nearest visible avatar in front of the solid
};

/// What rays can meet, laid out for the vector units. Built once for an episode; can be moved, for its parts stay where
/// they are then.
class LidarScene {
 public:
  /// The task must outlive it.
  explicit LidarScene(const Task& task);
  LidarScene(LidarScene&&) = default;
  LidarScene& operator=(LidarScene&&) = default;
  const LidarKernelScene& kernel_scene() const { return kernel_scene_; }

 private:
  std::vector<float> numbers_;
  std::vector<std::int32_t> kinds_;
  LidarKernelScene kernel_scene_;
};

/// An avatar as rays see it.
struct LidarAvatar {
  Vec3 feet;
  float height;
};

/// Casts all rays from `eye` with heading `yaw`. `hits` has options.rays() elements, ring by ring. A goal sphere that
/// contains the eye is ignored; goals and avatars hide nothing, solids hide both. No allocation.
class LidarCaster {
 public:
  explicit LidarCaster(const LidarOptions& options, SimdPath path = best_simd_path());
  void cast(const LidarScene& scene, const Vec3& eye, float yaw, std::span<const LidarAvatar> visible,
            std::span<RayHit> hits) const;
  const LidarOptions& options() const { return options_; }
  SimdPath path() const { return path_; }

 private:
  LidarOptions options_;
  SimdPath path_;
  std::vector<float> direction_x_, direction_y_, direction_z_;  ///< see LidarKernelRays
};

/// The plain exact reference for one ray; `direction` is a unit vector in the world frame.
RayHit cast_ray_reference(const Task& task, const Vec3& eye, const Vec3& direction, float range,
                          std::span<const LidarAvatar> visible);

}  // namespace medal
