#pragma once

#include <cmath>
#include <numbers>

#include "agents/players/expert_bot.h"
#include "agents/players/replay.h"

namespace medal {

/// What a learner does that walks where the expert is: a stand-in for a trained one.
inline Action follow(const AvatarState& self, const AvatarState& expert) {
  const Vec3 way = expert.feet - self.feet;
  const float turn = std::remainder(std::atan2(way.y(), way.x()) - self.yaw, 2.0F * std::numbers::pi_v<float>);
  return {way.head<2>().norm() > 1.2F && std::abs(turn) < 1.0F ? 1.0F : 0.0F, 0, 3.0F * turn, -1, -1};
}

/// An episode of that many seconds in which an expert walks an open arena and a learner follows it. The expert is
/// hidden from the learner from half-time on.
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
  while (!episode.finished()) {
    const std::vector<Action> actions = {follow(episode.learner_avatar(0), episode.expert_avatar())};
    episode.step(actions);
    recorder.record(episode, actions);
  }
  return recorder.replay();
}

}  // namespace medal
