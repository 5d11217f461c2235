#include "agents/network/network.h"

#include <cmath>

#include "agents/layers/lstm_unroll.h"
#include "sim/base/error.h"
#include "sim/episode/observation.h"

namespace medal {
namespace {

constexpr double kPolicyGain = 0.01;  // nearly even action probabilities at first
constexpr int kPredictionSize = kAttentionTargetSize;
constexpr int kOrderPredictionSize = kOrderTargetSize - 1;

/// Each gate's block orthogonal.
torch::Tensor orthogonal_gates(std::int64_t width, std::int64_t inputs) {
  std::vector<torch::Tensor> gates;
  for (int gate = 0; gate < 4; ++gate) gates.push_back(torch::nn::init::orthogonal_(torch::empty({inputs, width})));
  return torch::cat(gates, 1);
}

}  // namespace

NetworkImpl::NetworkImpl(const NetworkOptions& options, int observation_size)
    : options_(options), actions_(options.action_head) {
  torch::NoGradGuard no_gradient;
  const double relu_gain = std::sqrt(2.0);
  int width = observation_size;
  for (int i = 0; i < options.encoder_layers; ++i) {
    encoder_.push_back(register_module("encoder" + std::to_string(i), Dense(width, options.encoder_size, relu_gain)));
    width = options.encoder_size;
  }
  const std::int64_t memory = options.memory_size;
  if (options.memory == MemoryKind::lstm) {
    lstm_input_weight_ = register_parameter("lstm_input_weight", orthogonal_gates(memory, width));
    lstm_hidden_weight_ = register_parameter("lstm_hidden_weight", orthogonal_gates(memory, memory));
    lstm_bias_ = register_parameter("lstm_bias", torch::zeros({4 * memory}));
    lstm_bias_.narrow(0, memory, memory).fill_(1.0F);  // forget gates: remember at first
  } else {
    dense_ = register_module("dense", Dense(width, memory, relu_gain));
  }
  const std::int64_t state_parameters = actions_.state_parameter_count();
  const torch::Tensor action_bias = actions_.initial_bias();
  std::int64_t features = memory;
  if (options.head_size > 0) {
    std::int64_t inputs = memory + width;
    if (options.ray_queries > 0) {
      ray_attention_ =
          register_module("ray_attention", RayAttention(memory, ray_layout(observation_size), options.ray_queries));
      inputs += ray_attention_->output_size();
    }
    trunk_ = register_module("trunk", Dense(inputs, options.head_size, relu_gain));
    features = options.head_size;
  }
  policy_ = register_module("policy", Dense(features, state_parameters, kPolicyGain));
  policy_->bias.copy_(action_bias.narrow(0, 0, state_parameters));
  if (actions_.parameter_count() > state_parameters)
    free_action_parameters_ =
        register_parameter("free_action_parameters",
                           action_bias.narrow(0, state_parameters, action_bias.size(0) - state_parameters).clone());
  value_ = register_module("value", Dense(features, 1, 1.0));
  attention_hidden_ = register_module("attention_hidden", Dense(memory, options.attention_size, relu_gain));
  attention_ = register_module("attention", Dense(options.attention_size, kPredictionSize, 1.0));
  order_hidden_ = register_module("order_hidden", Dense(features, options.attention_size, relu_gain));
  order_ = register_module("order", Dense(options.attention_size, kOrderPredictionSize, 1.0));
}

int NetworkImpl::memory_state_size() const {
  return options_.memory == MemoryKind::lstm ? 2 * options_.memory_size : 0;
}

torch::Tensor NetworkImpl::encode(torch::Tensor x) {
  x = observation_layer(x, encoder_.front()->weight, encoder_.front()->bias);
  for (std::size_t i = 1; i < encoder_.size(); ++i) x = encoder_[i]->forward(x, true);
  return x;
}

torch::Tensor NetworkImpl::features(const torch::Tensor& observations, const torch::Tensor& encoded,
                                    const torch::Tensor& belief) {
  if (!trunk_) return belief;
  std::vector<torch::Tensor> inputs = {belief, encoded};
  if (ray_attention_) inputs.push_back(ray_attention_->forward(observations, belief));
  return trunk_->forward(torch::cat(inputs, -1), true);
}

NetworkOutput NetworkImpl::heads(const torch::Tensor& belief, const torch::Tensor& features, bool predict) {
  NetworkOutput output;
  output.action_parameters = policy_->forward(features);
  if (free_action_parameters_.defined()) {
    std::vector<std::int64_t> shape = belief.sizes().vec();
    shape.back() = free_action_parameters_.size(0);
    output.action_parameters = torch::cat({output.action_parameters, free_action_parameters_.expand(shape)}, -1);
  }
  output.value = value_->forward(features).squeeze(-1);
  if (predict) {
    output.prediction = attention_->forward(attention_hidden_->forward(belief, true));
    output.order_prediction = order_->forward(order_hidden_->forward(features, true));
  }
  return output;
}

NetworkOutput NetworkImpl::step(const torch::Tensor& all_observations, torch::Tensor& memory, bool predict) {
  torch::NoGradGuard no_gradient;
  const torch::Device device = policy_->weight.device();
  const torch::Tensor observations = all_observations.to(device), encoded = encode(observations);
  torch::Tensor belief;
  if (options_.memory == MemoryKind::none) {
    belief = dense_->forward(encoded, true);
  } else {
    torch::Tensor state = memory.to(device);  // the same tensor where nothing moves
    belief = lstm_step(encoded, state, {lstm_input_weight_, lstm_hidden_weight_, lstm_bias_});
    if (!state.is_same(memory)) memory.copy_(state);
  }
  return heads(belief, features(observations, encoded, belief), predict);
}

NetworkOutput NetworkImpl::unroll(const torch::Tensor& observations, const torch::Tensor& memory,
                                  const torch::Tensor& starts) {
  MEDAL_CHECK(observations.dim() == 3 && starts.dim() == 2);
  // Dense layers see one long batch: each is a single matrix product.
  const std::int64_t steps = observations.size(0), batch = observations.size(1);
  const torch::Tensor rows = observations.reshape({steps * batch, -1}), encoded = encode(rows);
  torch::Tensor belief;
  if (options_.memory == MemoryKind::none)
    belief = dense_->forward(encoded, true);
  else
    belief = lstm_unroll(encoded.view({steps, batch, -1}), memory, starts,
                         {lstm_input_weight_, lstm_hidden_weight_, lstm_bias_})
                 .flatten(0, 1);
  NetworkOutput output = heads(belief, features(rows, encoded, belief), true);
  output.action_parameters = output.action_parameters.view({steps, batch, -1});
  output.value = output.value.view({steps, batch});
  output.prediction = output.prediction.view({steps, batch, kPredictionSize});
  output.order_prediction = output.order_prediction.view({steps, batch, kOrderPredictionSize});
  return output;
}

}  // namespace medal
