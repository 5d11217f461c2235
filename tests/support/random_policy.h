#pragma once

#include <memory>

#include "agents/evaluation/batch_policy.h"
#include "agents/network/action_distribution.h"
#include "sim/base/random.h"

namespace medal {

/// Acts as a new agent with bins does, by chance.
inline BatchPolicy random_policy(std::uint64_t seed) {
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
