#pragma once

#include <memory>
#include <vector>

#include "agents/heads/auxiliary_head.h"
#include "agents/layers/dense.h"
#include "agents/layers/parameters.h"
#include "agents/layers/ray_attention.h"
#include "agents/memory/memory_cell.h"
#include "agents/network/action_distribution.h"
#include "agents/network/network_options.h"
#include "sim/episode/observation.h"

namespace medal {

/// What the network says about a batch; leading dimensions [...] as the observations'.
struct NetworkOutput {
  at::Tensor action_parameters;  ///< [..., ActionDistribution::parameter_count()]
  at::Tensor value;              ///< [...]
  at::Tensor features;           ///< [rows, F]: what policy and value are read from
  /// Of auxiliary_heads(), each [..., guess_size]; none, or undefined ones, where not asked for.
  std::vector<at::Tensor> guesses;
  at::Tensor reads;  ///< [rows, MemoryCell::read_size()]; undefined where the memory reads nothing
};

/// Encoder - memory - a layer that sees both (the trunk) - policy, value and auxiliary heads.
class Network {
 public:
  /// Random parameters, by the generator of seed_weights.
  Network(const NetworkOptions& options, const ObservationLayout& observation);
  Network(const Network&) = delete;
  Network& operator=(const Network&) = delete;

  /// One control step without gradients: observations [N, O], memory [N, memory_state_size()] updated in place. The
  /// auxiliary heads are left out unless `guess`.
  NetworkOutput step(const at::Tensor& observations, at::Tensor& memory, bool guess = false) const;
  /// A whole unroll with gradients: observations [T, B, O], initial memory [B, S], starts [T, B] (1 where the memory is
  /// cleared before step t).
  NetworkOutput unroll(const at::Tensor& observations, const at::Tensor& memory, const at::Tensor& starts) const;
  /// The same with only those auxiliary heads that are `guessing`. What was `written` by rule after each step, [T, B,
  /// MemoryCell::written_size()], is written anew where it is undefined.
  NetworkOutput unroll(const at::Tensor& observations, const at::Tensor& memory, const at::Tensor& starts,
                       const std::vector<bool>& guessing, const at::Tensor& written = {}) const;

  /// Floats of memory for each learner.
  int memory_state_size() const { return static_cast<int>(memory_->state_size()); }
  const MemoryCell& memory() const { return *memory_; }
  const ActionDistribution& actions() const { return actions_; }
  const NetworkOptions& options() const { return options_; }
  const Parameters& parameters() const { return parameters_; }
  at::Device device() const { return value_.weight.device(); }
  void to(at::Device device) { move_to(parameters_, device); }

 private:
  at::Tensor encode(at::Tensor x) const;
  /// What policy, value and the heads on the trunk see.
  at::Tensor trunk(const MemoryInput& input, const MemoryOutput& memory) const;
  NetworkOutput heads(const at::Tensor& memory_out, const at::Tensor& trunk_out,
                      const std::vector<bool>& guessing) const;
  std::vector<bool> all_heads() const { return std::vector<bool>(head_layers_.size(), true); }

  NetworkOptions options_;
  ActionDistribution actions_;
  Parameters parameters_;
  std::vector<Dense> encoder_;
  std::unique_ptr<MemoryCell> memory_;
  RayAttention ray_attention_;  ///< of no queries if network.ray_queries is 0
  Dense trunk_;                 ///< undefined if network.trunk_size is 0
  Dense policy_, value_;
  at::Tensor free_action_parameters_;  ///< undefined if the action head has none
  std::vector<HeadLayers> head_layers_;
};

}  // namespace medal
