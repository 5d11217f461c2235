#pragma once

#include <span>
#include <vector>

#include "sim/lidar/lidar.h"
#include "sim/rewards/reward_rule.h"
#include "sim/task/action.h"

namespace medal {

/// What the expert of an episode senses, laid out as a learner's observation: for policies that take its place, and for
/// learners that see nobody. It sees no avatar.
class ExpertSenses {
 public:
  /// Both must outlive it.
  ExpertSenses(const Task& task, const LidarCaster& lidar);

  /// The observation after a step in which it took `last_action`: `out` has observation_size() elements. To be called
  /// once for each step, since the last reward is what was earned since the call before.
  void write(const AvatarState& self, const GoalHistory& history, const Action& last_action, std::span<float> out);
  /// What the last write() told.
  float last_reward() const { return last_reward_; }

 private:
  const Task& task_;
  const LidarCaster& lidar_;
  LidarScene scene_;
  std::vector<RayHit> hits_;
  GoalHistory before_;
  float last_reward_ = 0.0F;
};

}  // namespace medal
