#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "sim/lidar/lidar.h"
#include "sim/task/action.h"
#include "sim/task/avatar.h"

namespace medal {

/// One named part of the observation vector.
struct ObservationSlice {
  std::string name;
  int offset = 0;
  int length = 0;
  std::string unit;
  float low = 0.0F;
  float high = 0.0F;
};

/// What the numbers of an observation are: slices side by side. First those of the rays, one channel each with a number
/// for each ray, [ray_channels][rays]; then the body's. Networks, viewer and files ask this and know no place by heart.
struct ObservationLayout {
  std::vector<ObservationSlice> slices;
  int size = 0;  ///< numbers in all
  int ray_channels = 0;
  int rays = 0;

  /// Null where no slice has that name.
  const ObservationSlice* find(std::string_view name) const;
};

/// By the tables in observation.cpp, in which one row describes and writes a slice.
ObservationLayout observation_layout(const LidarOptions& lidar);
/// The layout's size.
int observation_size(const LidarOptions& lidar);

/// What the body part of the observation needs besides the task.
struct BodyObservation {
  AvatarState avatar;
  Vec3 up = Vec3::UnitZ();  ///< terrain normal under the feet while on the ground, +Z in the air; world frame
  Action last_action;
  float last_reward = 0.0F;
};

/// Writes a whole observation. `out` has observation_size() elements. No allocation.
void write_observation(const LidarOptions& lidar, const Task& task, std::span<const RayHit> hits,
                       const BodyObservation& body, std::span<float> out);

}  // namespace medal
