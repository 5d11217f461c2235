#include "agents/recordings/replay.h"
#include "sim/generation/generate_task.h"

namespace medal {
namespace {

/// Applies the toggles that are due before the episode's next step; `next` goes through the list.
void apply_toggles(const Replay& replay, std::size_t& next, Episode& episode) {
  for (; next < replay.toggles.size() && replay.toggles[next].step == episode.step_count(); ++next)
    episode.set_expert_visible(replay.toggles[next].learner, replay.toggles[next].visible);
}

/// play_again, which shows `stepped` what the recorder saw after each step: before dropout by hand that came then.
template <class Stepped, class Watch>
int play(const Replay& replay, const LidarOptions& lidar, Stepped&& stepped, Watch&& watch) {
  const auto task =
      std::make_shared<const Task>(generate_task(replay.spec.parameters, replay.spec.seed, replay.spec.geometry_seed));
  const LidarCaster caster(lidar);
  Episode episode(replay.spec, task, nullptr, caster);
  std::size_t next_toggle = 0;
  apply_toggles(replay, next_toggle, episode);
  watch(episode);
  const std::size_t learners = replay.spec.presence.size();
  for (int step = 0; step < replay.steps(); ++step) {
    const auto t = static_cast<std::size_t>(step);
    episode.step_with_expert(replay.expert_actions[t],
                             std::span(replay.learner_actions).subspan(t * learners, learners));
    if (episode.state_hash() != replay.hashes[t]) return step;
    stepped(episode);
    apply_toggles(replay, next_toggle, episode);
    watch(episode);
  }
  return -1;
}

LidarOptions blind() {
  LidarOptions options;
  options.azimuths = 4;
  return options;
}

constexpr auto kNobody = [](const Episode&) {};

}  // namespace

int play_again(const Replay& replay, const LidarOptions& lidar, const std::function<void(const Episode&)>& watch) {
  return play(replay, lidar, kNobody, watch);
}

int play_again(const Replay& replay, const std::function<void(const Episode&)>& watch) {
  return play_again(replay, blind(), watch);
}

ReplayDifferences find_differences(const Replay& replay) {
  ReplayDifferences found;
  const auto compare_rays = [&](const Episode& episode) {
    if (replay.rays && !found.ray) found.ray = ray_difference(*replay.rays, episode);
  };
  found.state = play(replay, replay.rays ? replay.rays->lidar : blind(), compare_rays, kNobody);
  return found;
}

}  // namespace medal
