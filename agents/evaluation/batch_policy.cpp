#include "agents/evaluation/batch_policy.h"

#include <memory>
#include <vector>

namespace medal {
namespace {

std::vector<Random> generators(std::uint64_t seed, std::span<const std::uint64_t> seeds) {
  std::vector<Random> all;
  for (const std::uint64_t own : seeds) all.emplace_back(mix_seed(seed, own));
  return all;
}

}  // namespace

BatchPolicy agent_policy(const Agent& agent, bool sample_actions, std::uint64_t seed) {
  const auto acting = std::make_shared<Agent>(agent);
  acting->set_sampling(sample_actions);
  return {
      [acting, seed](std::span<const std::uint64_t> seeds) { acting->reset(generators(seed, seeds)); },
      [acting](std::span<const float> observations, std::span<Action> actions) { acting->act(observations, actions); },
      [acting](int learner) { return acting->remembered(learner); },
      [acting](int learner) { acting->forget(learner); }};
}

}  // namespace medal
