#include "experiments/card/worlds/worlds.h"

#include <utility>

#include "agents/evaluation/evaluation.h"
#include "agents/experts/experts.h"
#include "curriculum/presence/conditions.h"
#include "experiments/card/worlds/late_seats.h"
#include "sim/base/error.h"
#include "sim/episode/expert_seed.h"
#include "sim/generation/generate_task.h"

namespace medal {
namespace {

constexpr std::size_t kWorldsAtOnce = 64;
constexpr int kHopeless = 64;  // rejected seeds after which most must not be

Vec2 place_of(const AvatarState& avatar) { return avatar.feet.head<2>(); }

/// Writes down what happens in one episode.
class Observer {
 public:
  Observer(const Episode& episode, std::shared_ptr<const Task> task) {
    played_.task = std::move(task);
    played_.steps = episode.spec().steps;
    played_.presence = episode.spec().presence;
    played_.learners.resize(played_.presence.size());
    before_.resize(played_.presence.size() + 1);
    note(episode);
  }

  void note(const Episode& episode) {
    note(episode, episode.expert_avatar(), episode.expert_score().history, before_[0], played_.expert);
    for (int k = 0; k < episode.learners(); ++k) {
      const auto i = static_cast<std::size_t>(k);
      note(episode, episode.learner_avatar(k), episode.learner_score(k).history, before_[i + 1], played_.learners[i]);
    }
  }

  Played take() { return std::move(played_); }

 private:
  static void note(const Episode& episode, const AvatarState& avatar, const GoalHistory& now, GoalHistory& before,
                   Track& track) {
    track.path.push_back(place_of(avatar));
    add_goal_entries(episode.task(), avatar, before, now, episode.step_count(), track.entries);
    before = now;
  }

  Played played_;
  std::vector<GoalHistory> before_;
};

/// Says whom they watch, and adds for each learner the step from which it plays.
void seat_late_learners(const World& world, Episode& episode, std::vector<int>& from_step) {
  MEDAL_CHECK(world.late.empty() || world.late.size() == world.spec.presence.size());
  for (int k = 0; k < episode.learners(); ++k) {
    const LateLearner late = world.late.empty() ? LateLearner{} : world.late[static_cast<std::size_t>(k)];
    if (late.demonstrator != 0) episode.set_demonstrator(k, late.demonstrator);
    from_step.push_back(late.from_step);
  }
}

/// Plays the worlds that there are; the others are given back without a task.
std::vector<Played> play_worlds(const Subject& subject, std::vector<World> worlds, const LidarCaster& caster) {
  Episodes episodes;
  std::vector<std::uint64_t> seeds;
  std::vector<Observer> observers;
  std::vector<bool> there;
  std::vector<int> from_step;
  for (World& world : worlds) {
    there.push_back(world.task != nullptr);
    if (!world.task) continue;
    episodes.push_back(std::make_unique<Episode>(world.spec, world.task, std::move(world.expert), caster));
    seeds.push_back(world.spec.seed);
    seat_late_learners(world, *episodes.back(), from_step);
    observers.emplace_back(*episodes.back(), world.task);
  }
  play_episodes(late_seats(subject.seats, from_step), episodes, seeds,
                [&](std::size_t i, const Episode& episode, std::span<const Action>) { observers[i].note(episode); });
  std::vector<Played> played;
  auto next = observers.begin();
  for (const bool one : there) played.push_back(one ? (next++)->take() : Played{});
  return played;
}

}  // namespace

TaskParameters card_parameters(const Subject& subject, std::uint64_t seed) {
  TaskDistribution tasks;
  tasks.base.upright_density = tasks.base.low_bar_density = tasks.base.overhead_bar_density = 0;
  tasks.base.control_rate = subject.control_rate;
  tasks.base.substeps = subject.substeps;
  tasks.knobs = {{.knob = "expert_speed", .low = 0.7, .high = 1.0}};
  Random random(seed);
  return sample_task_parameters(tasks, 0, random);
}

void set_obstacles(TaskParameters& parameters, float share) {
  const GeometryParameters full;
  parameters.upright_density = share * full.upright_density;
  parameters.low_bar_density = share * full.low_bar_density;
  parameters.overhead_bar_density = share * full.overhead_bar_density;
}

int steps_in(double seconds, const TaskParameters& parameters) {
  return static_cast<int>(std::lround(seconds * static_cast<double>(parameters.control_rate)));
}

PresenceTimeline seen_for(double seconds, const TaskParameters& parameters) {
  return {PresenceKind::half, true, {steps_in(seconds, parameters)}};
}

std::vector<PresenceTimeline> three_conditions(const TaskParameters& parameters) {
  std::vector<PresenceTimeline> presence;
  for (const PresenceKind kind : kConditionKinds) presence.push_back(fixed_presence(kind, parameters.episode_steps()));
  return presence;
}

World make_world(const TaskParameters& parameters, std::uint64_t seed, std::vector<PresenceTimeline> presence,
                 NavmeshCache& navmeshes, bool required) {
  World world;
  world.spec = {.parameters = parameters,
                .seed = seed,
                .geometry_seed = seed,
                .presence = std::move(presence),
                .common_spawn = true,
                .steps = parameters.episode_steps()};
  try {
    world.task = std::make_shared<const Task>(generate_task(parameters, seed));
  } catch (const UserError&) {
    if (required) throw;
    return world;
  }
  world.expert = make_expert(*world.task, expert_seed(seed, ExpertStream::evaluation), navmeshes);
  return world;
}

World make_world(const Task& task, const EpisodeSpec& spec, NavmeshCache& navmeshes) {
  auto shared = std::make_shared<const Task>(task);
  auto expert = make_expert(*shared, expert_seed(spec.seed, ExpertStream::evaluation), navmeshes);
  return {spec, std::move(shared), std::move(expert)};
}

PlayedTasks play_tasks(const Subject& subject, int seed, int tasks, const WorldMaker& make) {
  const LidarCaster caster(subject.lidar);
  NavmeshCache navmeshes(1);
  PlayedTasks result;
  std::vector<World> waiting;
  std::vector<std::size_t> worlds_of;  // the tasks that wait
  const auto play = [&] {
    std::vector<Played> played = play_worlds(subject, std::exchange(waiting, {}), caster);
    auto next = std::make_move_iterator(played.begin());
    for (const std::size_t worlds : std::exchange(worlds_of, {})) {
      const auto end = next + static_cast<std::ptrdiff_t>(worlds);
      result.tasks.emplace_back(next, end);
      next = end;
    }
  };
  for (std::uint64_t index = 0; static_cast<int>(result.tasks.size() + worlds_of.size()) < tasks; ++index) {
    std::vector<World> worlds;
    try {
      worlds = make(held_out_seed(seed, index), navmeshes);
    } catch (const UserError&) {
      if (++result.rejected >= kHopeless) throw;
      continue;
    }
    worlds_of.push_back(worlds.size());
    std::move(worlds.begin(), worlds.end(), std::back_inserter(waiting));
    if (waiting.size() >= kWorldsAtOnce) play();
  }
  if (!worlds_of.empty()) play();
  return result;
}

Replay record_task(const Subject& subject, int seed, const WorldMaker& make) {
  const LidarCaster caster(subject.lidar);
  NavmeshCache navmeshes(1);
  std::vector<World> worlds;
  for (std::uint64_t index = 0; worlds.empty(); ++index) {
    try {
      worlds = make(held_out_seed(seed, index), navmeshes);
    } catch (const UserError&) {
      if (index + 1 >= kHopeless) throw;
    }
  }
  World& world = worlds.front();
  Episodes episodes;
  episodes.push_back(std::make_unique<Episode>(world.spec, world.task, std::move(world.expert), caster));
  ReplayRecorder recorder(world.spec);
  play_episodes(
      subject.seats, episodes, std::span(&world.spec.seed, 1),
      [&](std::size_t, const Episode& episode, std::span<const Action> actions) { recorder.record(episode, actions); });
  return recorder.replay();
}

}  // namespace medal
