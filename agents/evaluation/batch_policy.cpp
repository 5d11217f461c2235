#include "agents/evaluation/batch_policy.h"

#include <memory>

namespace medal {

BatchPolicy agent_policy(const Agent& agent, bool sample_actions, std::uint64_t seed) {
  const auto acting = std::make_shared<Agent>(agent);
  acting->set_sampling(sample_actions);
  return {
      [acting, seed](int learners) { acting->reset(learners, seed); },
      [acting](std::span<const float> observations, std::span<Action> actions) { acting->act(observations, actions); },
      [acting](int learner) { return acting->remembered(learner); }};
}

}  // namespace medal
