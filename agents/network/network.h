#pragma once

#include <torch/torch.h>

#include <string>
#include <vector>

#include "agents/layers/layers.h"
#include "agents/layers/ray_attention.h"
#include "agents/network/action_distribution.h"
#include "agents/network/network_options.h"

namespace medal {

/// What the network says about a batch; leading dimensions [...] as the observations'.
struct NetworkOutput {
  torch::Tensor action_parameters;  ///< [..., ActionDistribution::parameter_count()]
  torch::Tensor value;              ///< [...]
  torch::Tensor prediction;         ///< [..., 4]: expert's relative position / 10 m (3), presence logit (1)
  torch::Tensor order_prediction;   ///< [..., kOrderTargetSize - 1]
};

/// Encoder - memory - a layer that sees both - heads (policy, value, attention, order).
class NetworkImpl : public torch::nn::Module {
 public:
  NetworkImpl(const NetworkOptions& options, int observation_size);

  /// One control step without gradients: observations [N, O], memory [N, memory_state_size()] updated in place.
  /// The attention head is left out (prediction undefined) unless `predict`.
  NetworkOutput step(const torch::Tensor& observations, torch::Tensor& memory, bool predict = false);
  /// A whole unroll with gradients: observations [T, B, O], initial memory [B, S], starts [T, B] (1 where the memory is
  /// cleared before step t).
  NetworkOutput unroll(const torch::Tensor& observations, const torch::Tensor& memory, const torch::Tensor& starts);

  /// Floats of memory for each learner (hidden and cell side by side; 0 for none).
  int memory_state_size() const;
  const ActionDistribution& actions() const { return actions_; }
  const NetworkOptions& options() const { return options_; }

 private:
  torch::Tensor encode(torch::Tensor x);
  /// What policy, value and order heads see.
  torch::Tensor features(const torch::Tensor& observations, const torch::Tensor& encoded, const torch::Tensor& belief);
  NetworkOutput heads(const torch::Tensor& belief, const torch::Tensor& features, bool predict);

  NetworkOptions options_;
  ActionDistribution actions_;
  std::vector<Dense> encoder_;
  torch::Tensor lstm_input_weight_, lstm_hidden_weight_, lstm_bias_;  ///< gates in the order i, f, g, o
  torch::Tensor free_action_parameters_;                              ///< undefined if the action head has none
  Dense dense_{nullptr}, policy_{nullptr}, value_{nullptr}, attention_hidden_{nullptr}, attention_{nullptr};
  RayAttention ray_attention_{nullptr};  ///< none if ray_queries is 0
  Dense trunk_{nullptr};                 ///< none if head_size is 0
  Dense order_hidden_{nullptr}, order_{nullptr};
};
TORCH_MODULE(Network);

}  // namespace medal
