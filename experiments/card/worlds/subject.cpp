#include "experiments/card/worlds/subject.h"

#include <fmt/format.h>

#include <algorithm>
#include <limits>

#include "agents/experts/experts.h"
#include "sim/base/error.h"

namespace medal {
namespace {

/// Bots on learners' bodies, each with its own copy of the task: one of the bot's kind.
struct Bots {
  struct Bot {
    std::shared_ptr<const Task> task;
    std::unique_ptr<Player> player;
  };
  std::vector<Bot> bots;  ///< [N]
  NavmeshCache navmeshes{1};

  void reset(const Episodes& episodes, std::span<const std::uint64_t> seeds, ExpertKind kind) {
    bots.clear();
    for (const auto& episode : episodes) {
      auto task = std::make_shared<Task>(episode->task());
      task->parameters.expert = kind;
      for (int k = 0; k < episode->learners(); ++k)
        bots.push_back({task, make_expert(*task, seeds[bots.size()], navmeshes)});
    }
  }

  void act(const Episodes& episodes, std::span<Action> actions) {
    std::size_t i = 0;
    for (const auto& episode : episodes)
      for (int k = 0; k < episode->learners(); ++k, ++i) {
        const PlayerView view{*bots[i].task, episode->learner_avatar(k), episode->learner_score(k).history,
                              episode->step_count()};
        actions[i] = bots[i].player ? bots[i].player->act(view) : Action{};
      }
  }
};

/// All that a knob can be at any time of its schedule.
KnobRange range_of(const KnobDistribution& knob) {
  if (knob.kind != KnobDistribution::Kind::schedule) return {knob.low, knob.high};
  const KnobRange from = schedule_range(knob, std::numeric_limits<std::int64_t>::min());
  const KnobRange to = schedule_range(knob, std::numeric_limits<std::int64_t>::max());
  return {std::min(from.low, to.low), std::max(from.high, to.high)};
}

}  // namespace

Subject agent_subject(const std::string& name, const LoadedAgent& agent) {
  const TaskParameters& played = agent.config.evaluation_task.base;
  const LidarOptions& lidar = agent.config.environment.lidar;
  const bool sample = agent.config.evaluation.sample_actions;
  return {fmt::format("{} after {:.1f} M steps", name, static_cast<double>(agent.steps) / 1e6),
          agent_seats(agent_policy(agent.agent, sample, kPolicySeed), observation_size(lidar)),
          lidar,
          played.control_rate,
          played.substeps,
          agent.config.task,
          std::make_shared<const Agent>(agent.agent),
          sample};
}

Subject bot_subject(ExpertKind kind) {
  MEDAL_CHECK(kind != ExpertKind::absent);
  const auto bots = std::make_shared<Bots>();
  Subject subject;
  subject.title = fmt::format("the bot '{}'", name_of(kind));
  subject.seats = {[bots, kind](const Episodes& episodes, std::span<const std::uint64_t> seeds) {
                     bots->reset(episodes, seeds, kind);
                   },
                   [bots](const Episodes& episodes, std::span<Action> actions) { bots->act(episodes, actions); }};
  subject.lidar.azimuths = 4;  // it looks at nothing
  return subject;
}

KnobRange trained_range(const TaskDistribution& trained, const std::string& knob) {
  for (const KnobDistribution& drawn : trained.knobs)
    if (drawn.knob == knob) return range_of(drawn);
  const double fixed = get_knob(trained.base, knob);
  return {fixed, fixed};
}

}  // namespace medal
