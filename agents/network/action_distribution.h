#pragma once

#include <array>
#include <numeric>
#include <span>

#include "agents/layers/tensor.h"
#include "agents/network/action_odds.h"
#include "agents/network/bin_distribution.h"
#include "agents/network/network_options.h"
#include "sim/task/action.h"

namespace medal {

/// The policy's distribution over the components of an action, as kActionComponents describes them.
/// - bins: an independent categorical for each component; of a posture the logit of `on` is biased by kPostureBias at
///   first.
/// - gaussian: independent normals with state-independent log deviations appended to the means, clamped at the
///   interface.
class ActionDistribution {
 public:
  /// Bins of each component; their logits lie side by side.
  static constexpr std::array<int, kActionSize> kBinsOf = [] {
    std::array<int, kActionSize> bins{};
    for (std::size_t i = 0; i < bins.size(); ++i) bins[i] = static_cast<int>(kActionComponents[i].bins.size());
    return bins;
  }();
  static constexpr int kBinCount = std::accumulate(kBinsOf.begin(), kBinsOf.end(), 0);
  /// Bias of the logits that turn a posture on: once in 150 steps. A jump lasts a second: at -3 an agent would be in
  /// the air a third of the time, hardly able to steer.
  static constexpr float kPostureBias = -5.0F;
  static constexpr bool is_posture(std::size_t component) { return kActionComponents[component].posture; }

  explicit ActionDistribution(ActionHeadKind kind);

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
  /// Log probability of stored actions, summed over components: [...].
  at::Tensor log_probability(const at::Tensor& parameters, const at::Tensor& stored) const;
  /// Entropy summed over components: [...]. Of bins, postures count `posture_share`.
  at::Tensor entropy(const at::Tensor& parameters, double posture_share = 1.0) const;
  /// Cross entropy of postures, summed, from the chance that a new agent gives each: [...]. 0 for a gaussian head.
  at::Tensor posture_cross_entropy(const at::Tensor& parameters) const;
  /// The chance with which a new agent of bins turns a posture on.
  static float initial_posture_chance();
  /// What people are shown of one learner's distribution; parameters [1, parameter_count()].
  std::array<ActionOdds, kActionSize> odds(const at::Tensor& parameters) const;
  /// Stored actions [N, kActionSize] to what the simulator takes.
  void to_actions(const at::Tensor& stored, std::span<Action> out) const;

  ActionHeadKind kind() const { return kind_; }

 private:
  ActionHeadKind kind_;
  BinDistribution bins_;
};

}  // namespace medal
