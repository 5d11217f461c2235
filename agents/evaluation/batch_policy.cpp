#include "agents/evaluation/batch_policy.h"

#include <memory>

#include "agents/network/action_distribution.h"
#include "sim/base/random.h"

namespace medal {

BatchPolicy agent_policy(const Agent& agent, bool sample_actions, std::uint64_t seed) {
  const auto acting = std::make_shared<Agent>(agent);
  acting->set_sampling(sample_actions);
  return {
      [acting, seed](int learners) { acting->reset(learners, seed); },
      [acting](std::span<const float> observations, std::span<Action> actions) { acting->act(observations, actions); },
      [acting](int learner) { return acting->remembered(learner); }};
}

BatchPolicy random_policy(std::uint64_t seed) {
  auto random = std::make_shared<Random>(seed);
  BatchPolicy policy;
  policy.reset = [random, seed](int) { *random = Random(seed); };
  policy.act = [random](std::span<const float>, std::span<Action> actions) {
    const auto learners = static_cast<std::int64_t>(actions.size());
    const ActionDistribution distribution(ActionHeadKind::bins);
    const at::Tensor parameters = distribution.initial_bias().repeat({learners, 1});
    at::Tensor uniforms = at::empty({learners, kActionSize});
    for (float& value : std::span(uniforms.data_ptr<float>(), static_cast<std::size_t>(uniforms.numel())))
      value = random->uniform();
    distribution.to_actions(distribution.sample(parameters, uniforms).stored, actions);
  };
  return policy;
}

}  // namespace medal
