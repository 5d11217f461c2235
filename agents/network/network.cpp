#include "agents/network/network.h"

#include <algorithm>

#include "agents/heads/heads.h"
#include "agents/memory/memories.h"
#include "sim/base/error.h"

namespace medal {
namespace {

constexpr double kPolicyGain = 0.01;  // nearly even action probabilities at first

}  // namespace

Network::Network(const NetworkOptions& options, const ObservationLayout& observation)
    : options_(options), actions_(options.action_head) {
  at::NoGradGuard no_gradient;
  const ParameterScope all(parameters_);
  std::int64_t width = observation.size;
  for (int i = 0; i < options.encoder_layers; ++i) {
    encoder_.emplace_back(all.part("encoder" + std::to_string(i)), width, options.encoder_size, kReluGain);
    width = options.encoder_size;
  }
  const auto kind = static_cast<std::size_t>(options.memory);
  memory_ = memory_kinds()[kind].make({all.part("memory"), width, options.memory_size, observation});

  const std::int64_t state_parameters = actions_.state_parameter_count();
  const at::Tensor action_bias = actions_.initial_bias();
  if (actions_.parameter_count() > state_parameters)
    free_action_parameters_ =
        all.add("free_action_parameters",
                action_bias.narrow(0, state_parameters, action_bias.size(0) - state_parameters).clone());
  // The norm of the gradient is a sum in this order.
  std::stable_partition(parameters_.begin(), parameters_.end(),
                        [](const Parameter& parameter) { return !parameter.name.starts_with("encoder"); });

  std::int64_t trunk_out = memory_->output_size();
  if (options.trunk_size > 0) {
    std::int64_t inputs = memory_->output_size() + width + memory_->read_size();
    if (options.ray_queries > 0) {
      ray_attention_ = RayAttention(all.part("ray_attention"), memory_->output_size() + memory_->read_size(),
                                    ray_layout(observation), options.ray_queries, memory_->ray_request());
      inputs += ray_attention_.output_size();
    }
    trunk_ = Dense(all.part("trunk"), inputs, options.trunk_size, kReluGain);
    trunk_out = options.trunk_size;
  }
  policy_ = Dense(all.part("policy"), trunk_out, state_parameters, kPolicyGain);
  policy_.bias.copy_(action_bias.narrow(0, 0, state_parameters));
  value_ = Dense(all.part("value"), trunk_out, 1, 1.0);
  for (const AuxiliaryHead& head : auxiliary_heads())
    head_layers_.emplace_back(all.part(std::string(head.name)),
                              head.sees == AuxiliaryHead::Sees::memory ? memory_->output_size() : trunk_out,
                              options.auxiliary_size, head.guess_size);
}

at::Tensor Network::encode(at::Tensor x) const {
  x = observation_layer(x, encoder_.front().weight, encoder_.front().bias);
  for (std::size_t i = 1; i < encoder_.size(); ++i) x = encoder_[i].forward(x, true);
  return x;
}

at::Tensor Network::trunk(const MemoryInput& input, const MemoryOutput& memory) const {
  if (!trunk_.weight.defined()) return memory.out;
  std::vector<at::Tensor> inputs = {memory.out, input.encoded};
  if (memory.reads.defined()) inputs.push_back(memory.reads);
  if (ray_attention_.queries > 0) {
    std::vector<at::Tensor> asking = {memory.out};
    if (memory.reads.defined()) asking.push_back(memory.reads);
    inputs.push_back(ray_attention_.forward(input.observations, asking));
  }
  return trunk_.forward(inputs, true);
}

NetworkOutput Network::heads(const at::Tensor& memory_out, const at::Tensor& trunk_out,
                             const std::vector<bool>& guessing) const {
  NetworkOutput output;
  output.features = trunk_out;
  output.action_parameters = policy_.forward(trunk_out);
  if (free_action_parameters_.defined()) {
    std::vector<std::int64_t> shape = trunk_out.sizes().vec();
    shape.back() = free_action_parameters_.size(0);
    output.action_parameters = at::cat({output.action_parameters, free_action_parameters_.expand(shape)}, -1);
  }
  output.value = value_.forward(trunk_out).squeeze(-1);
  for (std::size_t i = 0; i < guessing.size(); ++i) {
    if (!guessing[i]) {
      output.guesses.emplace_back();
      continue;
    }
    const bool on_memory = auxiliary_heads()[i].sees == AuxiliaryHead::Sees::memory;
    output.guesses.push_back(head_layers_[i].forward(on_memory ? memory_out : trunk_out));
  }
  return output;
}

NetworkOutput Network::step(const at::Tensor& observations, at::Tensor& memory, bool guess) const {
  at::NoGradGuard no_gradient;
  MemoryInput input;
  input.observations = observations.to(device());
  input.encoded = encode(input.observations);
  at::Tensor state = memory.to(device());  // the same tensor where nothing moves
  const MemoryOutput remembered = memory_->step(input, state);
  if (!state.is_same(memory)) memory.copy_(state);
  NetworkOutput output = heads(remembered.out, trunk(input, remembered), guess ? all_heads() : std::vector<bool>());
  output.reads = remembered.reads;
  return output;
}

NetworkOutput Network::unroll(const at::Tensor& observations, const at::Tensor& memory,
                              const at::Tensor& starts) const {
  return unroll(observations, memory, starts, all_heads());
}

NetworkOutput Network::unroll(const at::Tensor& observations, const at::Tensor& memory, const at::Tensor& starts,
                              const std::vector<bool>& guessing, const at::Tensor& written) const {
  MEDAL_CHECK(guessing.size() == head_layers_.size());
  MEDAL_CHECK(observations.dim() == 3 && starts.dim() == 2);
  // Dense layers see one long batch: each is a single matrix product.
  const std::int64_t steps = observations.size(0), batch = observations.size(1);
  MemoryInput input;
  input.observations = observations.reshape({steps * batch, -1});
  input.encoded = encode(input.observations);
  if (written.defined()) input.written = written.flatten(0, 1);
  const MemoryOutput remembered = memory_->unroll(input, memory, starts);
  NetworkOutput output = heads(remembered.out, trunk(input, remembered), guessing);
  output.action_parameters = output.action_parameters.view({steps, batch, -1});
  output.value = output.value.view({steps, batch});
  for (at::Tensor& guess : output.guesses)
    if (guess.defined()) guess = guess.view({steps, batch, -1});
  return output;
}

}  // namespace medal
