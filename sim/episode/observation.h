#pragma once

#include <span>
#include <string>
#include <vector>

#include "sim/lidar/lidar.h"
#include "sim/task/action.h"
#include "sim/task/avatar.h"

namespace medal {

/// One named part of the observation vector. This table is the only description of the layout: network, viewer and docs
/// read it.
struct ObservationSlice {
  std::string name;
  int offset = 0;
  int length = 0;
  std::string unit;
  float low = 0.0F;
  float high = 0.0F;
};

/// Per ray, channel-major ([channel][ray]): proximity of the solid in the channel of its kind (5), proximity of the
/// goal, its colour (3), proximity of the avatar. Then the body: see observation.cpp.
std::vector<ObservationSlice> observation_layout(const LidarOptions& lidar);
int observation_size(const LidarOptions& lidar);

/// What the body part of the observation needs besides the avatar's state.
struct BodyObservation {
  AvatarState avatar;
  Vec3 up = Vec3::UnitZ();  ///< terrain normal under the feet while on the ground, +Z in the air; world frame
  Action last_action;
  float last_reward = 0.0F;
};

/// Writes a whole observation. `out` has observation_size() elements. No allocation.
void write_observation(const LidarOptions& lidar, const Task& task, std::span<const RayHit> hits,
                       const BodyObservation& body, std::span<float> out);

// Privileged training targets: what a learner's auxiliary heads are taught and its policy never sees. The attention
// target, then the order target.

inline constexpr float kPrivilegedScale = 10.0F;  ///< m, of relative positions

/// Expert's position relative to the learner in the learner's yaw frame, divided by kPrivilegedScale (3), then 1 where
/// the mask shows the expert, else 0.
inline constexpr int kAttentionTargetSize = 4;
void write_attention_target(const AvatarState& learner, const AvatarState& expert, bool visible, std::span<float> out);

/// Of the goals that pay the learner next, in their order: the first one's position relative to the learner as above
/// (3), the colours of kOrderTargetGoals of them (3 each), then 1. All 0 where `goals` is empty.
inline constexpr int kOrderTargetGoals = 3;
inline constexpr int kOrderTargetSize = 3 + 3 * kOrderTargetGoals + 1;
void write_order_target(const AvatarState& learner, const Task& task, std::span<const int> goals, std::span<float> out);

inline constexpr int kPrivilegedSize = kAttentionTargetSize + kOrderTargetSize;

}  // namespace medal
