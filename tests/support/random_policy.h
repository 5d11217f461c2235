#pragma once

#include <memory>
#include <vector>

#include "agents/evaluation/batch_policy.h"
#include "agents/network/action_distribution.h"
#include "sim/base/random.h"

namespace medal {

/// Acts as a new agent with bins does, by chance.
inline BatchPolicy random_policy(std::uint64_t seed) {
  auto random = std::make_shared<std::vector<Random>>();
  BatchPolicy policy;
  policy.reset = [random, seed](std::span<const std::uint64_t> seeds) {
    random->clear();
    for (const std::uint64_t own : seeds) random->emplace_back(mix_seed(seed, own));
  };
  policy.act = [random](std::span<const float>, std::span<Action> actions) {
    const auto learners = static_cast<std::int64_t>(actions.size());
    const ActionDistribution distribution(ActionHeadKind::bins);
    const at::Tensor parameters = distribution.initial_bias().repeat({learners, 1});
    at::Tensor uniforms = at::empty({learners, kActionSize});
    float* draw = uniforms.data_ptr<float>();
    for (Random& own : *random)
      for (int i = 0; i < kActionSize; ++i) *draw++ = own.uniform();
    distribution.to_actions(distribution.sample(parameters, uniforms).stored, actions);
  };
  return policy;
}

}  // namespace medal
