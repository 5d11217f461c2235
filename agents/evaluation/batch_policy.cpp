#include "agents/evaluation/batch_policy.h"

#include <memory>

#include "sim/base/random.h"

namespace medal {

BatchPolicy network_policy(std::shared_ptr<const Network> network, bool sample_actions, std::uint64_t seed) {
  struct State {
    at::Tensor memory;
    Random random;
  };
  auto state = std::make_shared<State>();
  BatchPolicy policy;
  policy.reset = [network, state, seed](int learners) {
    state->memory = at::zeros({learners, network->memory_state_size()});
    state->random = Random(seed);
  };
  policy.act = [network, state, sample_actions](const at::Tensor& observations, std::span<Action> actions) mutable {
    at::NoGradGuard no_gradient;
    const NetworkOutput output = network->step(observations, state->memory);
    at::Tensor stored;
    if (sample_actions) {
      at::Tensor uniforms = at::empty({observations.size(0), kActionSize});
      for (float& value : std::span(uniforms.data_ptr<float>(), static_cast<std::size_t>(uniforms.numel())))
        value = state->random.uniform();
      stored = network->actions().sample(output.action_parameters, uniforms).stored;
    } else {
      stored = network->actions().mode(output.action_parameters).to(at::kCPU).contiguous();
    }
    network->actions().to_actions(stored, actions);
  };
  return policy;
}

BatchPolicy random_policy(std::uint64_t seed) {
  auto random = std::make_shared<Random>(seed);
  BatchPolicy policy;
  policy.reset = [random, seed](int) { *random = Random(seed); };
  policy.act = [random](const at::Tensor& observations, std::span<Action> actions) {
    const ActionDistribution distribution(ActionHeadKind::bins);
    const at::Tensor parameters = distribution.initial_bias().repeat({observations.size(0), 1});
    at::Tensor uniforms = at::empty({observations.size(0), kActionSize});
    for (float& value : std::span(uniforms.data_ptr<float>(), static_cast<std::size_t>(uniforms.numel())))
      value = random->uniform();
    distribution.to_actions(distribution.sample(parameters, uniforms).stored, actions);
  };
  return policy;
}

}  // namespace medal
