#include "experiments/bench/worlds.h"

#include <algorithm>

#include "agents/experts/experts.h"
#include "agents/network/action_distribution.h"
#include "sim/base/random.h"

namespace medal {
namespace {

constexpr std::size_t kTableSize = 1 << 16;

}  // namespace

std::vector<Action> random_actions(std::size_t count, std::uint64_t seed) {
  Random random(seed);
  std::vector<Action> actions(count);
  const float posture_chance = ActionDistribution::initial_posture_chance();
  for (Action& action : actions) {
    for (const ActionComponent& component : kActionComponents) {
      const int last = static_cast<int>(component.bins.size()) - 1;
      const int bin = component.posture ? (random.uniform() < posture_chance ? last : 0) : random.integer(0, last);
      action.*component.value = component.bins[static_cast<std::size_t>(bin)];
    }
  }
  return actions;
}

BenchWorlds::BenchWorlds(const Config& config)
    : curriculum_(config.curriculum, config.adr, config.task, config.environment.learners_per_world,
                  config.run.learners / config.environment.learners_per_world,
                  static_cast<std::uint64_t>(config.run.seed)),
      navmeshes_(config.run.learners / config.environment.learners_per_world),
      environment_(
          config.environment, 0, config.run.learners / config.environment.learners_per_world,
          [this](int world, std::int64_t episode) { return curriculum_.next(world, episode); },
          [this](const Task& task, std::uint64_t seed) { return make_expert(task, seed, navmeshes_); }),
      table_(random_actions(std::max(kTableSize, static_cast<std::size_t>(config.run.learners)),
                            static_cast<std::uint64_t>(config.run.seed))) {
  const auto learners = static_cast<std::size_t>(environment_.learners());
  const auto size = static_cast<std::size_t>(environment_.observation_size());
  observations_.resize(learners * size);
  final_observations_.resize(learners * size);
  privileged_.resize(learners * kPrivilegedSize);
  rewards_.resize(learners);
  terminated_.resize(learners);
  truncated_.resize(learners);
  own_ = {observations_, privileged_, rewards_, terminated_, truncated_, final_observations_};
  environment_.observe(own_);
}

void BenchWorlds::spread() {
  for (std::size_t s = 0; s < kSpreadSteps; ++s) step();
}

void BenchWorlds::step(const StepOutputs& out) {
  const auto count = static_cast<std::size_t>(environment_.learners());
  if (next_ + count > table_.size()) next_ = 0;
  environment_.step({table_.data() + next_, count}, out);
  next_ += count;
  environment_.take_results();
}

}  // namespace medal
