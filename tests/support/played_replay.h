#pragma once

#include <algorithm>
#include <cmath>
#include <numbers>

#include "agents/experts/experts.h"
#include "agents/recordings/replay.h"
#include "sim/generation/generate_task.h"

namespace medal {

/// What a learner does that walks to `target`.
inline Action walk_to(const AvatarState& self, const Vec3& target) {
  const Vec3 way = target - self.feet;
  const float turn = std::remainder(std::atan2(way.y(), way.x()) - self.yaw, 2.0F * std::numbers::pi_v<float>);
  const float speed = std::abs(turn) < 1.0F ? std::min(1.0F, way.head<2>().norm()) : 0.0F;
  return {.forward = speed, .turn = 3.0F * turn};
}

/// An episode of that many seconds in which an expert walks an open arena and a learner goes where it was a
/// moment ago: a stand-in for a trained one. From half-time on the expert is hidden from the learner, which stops then.
inline Replay record_follower(float seconds) {
  EpisodeSpec spec;
  spec.parameters.arena_size = 14;
  spec.parameters.upright_density = spec.parameters.low_bar_density = spec.parameters.overhead_bar_density = 0;
  spec.parameters.expert_speed = 0.7F;
  spec.parameters.episode_seconds = seconds;
  spec.seed = spec.geometry_seed = 5;
  spec.steps = spec.parameters.episode_steps();
  spec.presence = {{PresenceKind::half, true, {spec.steps / 2}}};
  const auto task = std::make_shared<const Task>(generate_task(spec.parameters, spec.seed));
  NavmeshCache cache(1);
  const LidarCaster lidar(LidarOptions{});
  Episode episode(spec, task, make_expert(*task, 1, cache), lidar);
  ReplayRecorder recorder(spec);
  constexpr std::size_t kBehind = 7;  // control steps
  std::vector<Vec3> steps;
  while (!episode.finished()) {
    steps.push_back(episode.expert_avatar().feet);
    const Vec3& target = steps[steps.size() > kBehind ? steps.size() - kBehind : 0];
    const std::vector<Action> actions = {episode.expert_visible(0) ? walk_to(episode.learner_avatar(0), target)
                                                                   : Action{}};
    episode.step(actions);
    recorder.record(episode, actions);
  }
  return recorder.replay();
}

}  // namespace medal
