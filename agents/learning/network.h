#pragma once

#include <torch/torch.h>

#include <string>
#include <vector>

#include "agents/learning/action_distribution.h"
#include "sim/options.h"

namespace medal {

enum class MemoryKind { lstm, none };
inline constexpr std::array<std::string_view, 2> kMemoryNames = {"lstm", "none"};

struct NetworkOptions {
  int encoder_size = 128;
  int encoder_layers = 2;
  MemoryKind memory = MemoryKind::lstm;
  int memory_size = 128;
  int attention_size = 64;
  ActionHeadKind action_head = ActionHeadKind::bins;
};

template <class Visitor>
void describe(NetworkOptions& o, Visitor&& visit) {
  visit(Field{"encoder_size", "", 1, 4096, "Width of each encoder layer."}, o.encoder_size);
  visit(Field{"encoder_layers", "", 1, 8, "Dense layers before the memory."}, o.encoder_layers);
  visit_choice(visit, Field{"memory", "", 0, 1, "Memory between steps; none is the M ablation.", kMemoryNames},
               o.memory);
  visit(Field{"memory_size", "", 1, 4096, "Width of the memory (of the dense layer in its place, if none)."},
        o.memory_size);
  visit(Field{"attention_size", "", 1, 4096, "Hidden width of the head that predicts the expert's position."},
        o.attention_size);
  visit_choice(visit, Field{"action_head", "", 0, 1, "Action distribution.", kActionHeadNames}, o.action_head);
}

/// What the network says about a batch; leading dimensions [...] as the observations'.
struct NetworkOutput {
  torch::Tensor action_parameters;  ///< [..., ActionDistribution::parameter_count()]
  torch::Tensor value;              ///< [...]
  torch::Tensor prediction;         ///< [..., 4]: expert's relative position / 10 m (3), presence logit (1)
};

/// Encoder - memory - heads (policy, value, attention).
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
  NetworkOutput heads(const torch::Tensor& belief, bool predict);

  NetworkOptions options_;
  ActionDistribution actions_;
  std::vector<torch::nn::Linear> encoder_;
  torch::Tensor lstm_input_weight_, lstm_hidden_weight_, lstm_bias_;  ///< gates in the order i, f, g, o
  torch::Tensor free_action_parameters_;                              ///< undefined if the action head has none
  torch::nn::Linear dense_{nullptr}, policy_{nullptr}, value_{nullptr}, attention_hidden_{nullptr}, attention_{nullptr};
};
TORCH_MODULE(Network);

}  // namespace medal
