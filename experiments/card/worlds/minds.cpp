#include "experiments/card/worlds/minds.h"

#include "sim/base/error.h"

namespace medal {
namespace {

/// Acts as the agent does and keeps what it knew.
struct Reader {
  Agent agent;
  std::vector<Mind> minds;  ///< of all learners, one batch after the other
  std::size_t first = 0;    ///< of the present batch
  std::vector<float> observations = {};
  std::vector<AgentInsight> insights = {};

  void reset(const Episodes& episodes, std::span<const std::uint64_t> seeds) {
    std::vector<Random> generators;
    for (const std::uint64_t own : seeds) generators.emplace_back(mix_seed(kPolicySeed, own));
    agent.reset(generators);
    first = minds.size();
    for (const auto& episode : episodes)
      for (int k = 0; k < episode->learners(); ++k) minds.push_back({std::make_shared<Task>(episode->task()), {}});
  }

  void act(const Episodes& episodes, std::span<Action> actions) {
    const auto size = static_cast<std::size_t>(agent.observation_size());
    observations.resize(actions.size() * size);
    insights.resize(actions.size());
    std::size_t row = 0;
    for (const auto& episode : episodes)
      for (int k = 0; k < episode->learners(); ++k, ++row)
        episode->observe(k, std::span(observations).subspan(row * size, size));
    agent.act(observations, actions, insights);
    row = 0;
    for (const auto& episode : episodes)
      for (int k = 0; k < episode->learners(); ++k, ++row)
        if (!episode->finished())
          minds[first + row].steps.push_back(read(*episode, k, std::move(insights[row].memory)));
  }

  static MindStep read(const Episode& episode, int learner, std::vector<float> cells) {
    const GoalHistory& history = episode.learner_score(learner).history;
    int next = -1;
    if (!next_goals(episode.task().parameters, episode.task().order, history, 0, std::span(&next, 1))) next = -1;
    return {std::move(cells), episode.expert_visible(learner), episode.learner_avatar(learner).inside_goal >= 0,
            history.last_goal, next};
  }
};

}  // namespace

std::vector<std::vector<Mind>> play_minds(const Subject& subject, int seed, int tasks, const WorldMaker& make) {
  MEDAL_CHECK(subject.agent != nullptr, "a bot has no memory to look into");
  const auto reader = std::make_shared<Reader>(Reader{*subject.agent, {}});
  reader->agent.set_sampling(subject.sample_actions);
  Subject read = subject;
  read.seats = {
      [reader](const Episodes& episodes, std::span<const std::uint64_t> seeds) { reader->reset(episodes, seeds); },
      [reader](const Episodes& episodes, std::span<Action> actions) { reader->act(episodes, actions); }};
  const PlayedTasks played = play_tasks(read, seed, tasks, make);
  std::vector<std::vector<Mind>> minds;
  auto next = std::make_move_iterator(reader->minds.begin());
  for (const std::vector<Played>& worlds : played.tasks) {
    std::ptrdiff_t learners = 0;
    for (const Played& world : worlds) learners += static_cast<std::ptrdiff_t>(world.learners.size());
    minds.emplace_back(next, next + learners);
    next += learners;
  }
  return minds;
}

Subject with_held_cells(const Subject& subject, std::vector<HeldCell> cells) {
  MEDAL_CHECK(subject.agent != nullptr, "a bot has no memory to hold");
  Agent agent = *subject.agent;
  agent.hold(std::move(cells));
  Subject held = subject;
  held.seats = agent_seats(agent_policy(agent, subject.sample_actions, kPolicySeed), observation_size(subject.lidar));
  return held;
}

}  // namespace medal
