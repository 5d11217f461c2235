#pragma once

#include <array>
#include <span>

#include "agents/layers/tensor.h"
#include "agents/network/action_odds.h"
#include "agents/network/network_options.h"
#include "sim/task/action.h"

namespace medal {

/// Drawn actions, on the CPU.
struct ActionSample {
  at::Tensor stored;           ///< [N, kActionSize]: bin indices, or raw values
  at::Tensor log_probability;  ///< [N]
};

/// The policy's distribution over the five action dimensions.
/// - bins: independent categoricals; forward {0, 0.5, 1}, strafe and turn {-1, 0, 1}, jump and crouch {off, on};
///   the logits of `on` are biased by kPostureBias at first.
/// - gaussian: five independent normals with state-independent log deviations appended to the means, clamped at the
///   interface.
class ActionDistribution {
 public:
  /// Bins of each dimension; their logits lie side by side.
  static constexpr std::array<int, kActionSize> kBinsOf = {3, 3, 3, 2, 2};
  static constexpr int kBinCount = 13;
  /// Bias of the logits of jump and crouch: once in 150 steps. A jump lasts a second: at -3 an agent would be in the
  /// air a third of the time, hardly able to steer.
  static constexpr float kPostureBias = -5.0F;
  /// Jump and crouch.
  static constexpr bool is_posture(std::size_t dimension) { return dimension >= 3; }

  explicit ActionDistribution(ActionHeadKind kind) : kind_(kind) {}

  /// Values that describe the distribution of each learner.
  int parameter_count() const;
  /// How many of them, the first ones, depend on the state; the others are free parameters of the network.
  int state_parameter_count() const;
  /// The parameters at first, [parameter_count()]: the bias of the policy head.
  at::Tensor initial_bias() const;

  /// Draws with given uniform numbers in [0, 1), [N, kActionSize], so that results depend on no global generator.
  ActionSample sample(const at::Tensor& parameters, const at::Tensor& uniforms) const;
  /// The most likely stored action.
  at::Tensor mode(const at::Tensor& parameters) const;
  /// Log probability of stored actions, summed over dimensions: [...].
  at::Tensor log_probability(const at::Tensor& parameters, const at::Tensor& stored) const;
  /// Entropy summed over dimensions: [...]. Of bins, jump and crouch count `posture_share`.
  at::Tensor entropy(const at::Tensor& parameters, double posture_share = 1.0) const;
  /// Cross entropy of jump and crouch, summed, from the chances that a new agent gives them: [...]. 0 for a gaussian
  /// head.
  at::Tensor posture_cross_entropy(const at::Tensor& parameters) const;
  /// The chance of jump or crouch of a new agent.
  static float initial_posture_chance();
  /// What people are shown of one learner's distribution; parameters [1, parameter_count()].
  std::array<ActionOdds, kActionSize> odds(const at::Tensor& parameters) const;
  /// Stored actions [N, kActionSize] (CPU, contiguous float) to what the simulator takes.
  void to_actions(const at::Tensor& stored, std::span<Action> out) const;

  ActionHeadKind kind() const { return kind_; }

 private:
  ActionHeadKind kind_;
};

}  // namespace medal
