#pragma once

#include <span>
#include <vector>

#include "agents/layers/tensor.h"

namespace medal {

/// Drawn actions, where the distribution's parameters are.
struct ActionSample {
  at::Tensor stored;           ///< [N, choices]: bin indices, or raw values
  at::Tensor log_probability;  ///< [N]
};

/// Independent categorical choices among bins; all their logits lie side by side in the last dimension.
class BinDistribution {
 public:
  struct Choice {
    int bins;
    bool posture;  ///< off or on: two bins; entropy may count it less, and a prior may hold it
  };
  explicit BinDistribution(std::span<const Choice> choices);

  /// Over all choices.
  int bin_count() const { return bin_count_; }

  /// Draws with given uniform numbers in [0, 1), [N, choices].
  ActionSample sample(const at::Tensor& logits, const at::Tensor& uniforms) const;
  /// The same by tensor operations, for any device; tested against the above.
  ActionSample sample_by_tensors(const at::Tensor& logits, const at::Tensor& uniforms) const;
  /// The most likely bin of each choice: [..., choices].
  at::Tensor mode(const at::Tensor& logits) const;
  /// Log probability of bin indices [..., choices], summed over choices: [...].
  at::Tensor log_probability(const at::Tensor& logits, const at::Tensor& stored) const;
  /// Entropy summed over choices: [...]. Postures count `posture_share`.
  at::Tensor entropy(const at::Tensor& logits, double posture_share) const;
  /// Cross entropy of the postures, summed, from one that is on with this chance: [...].
  at::Tensor posture_cross_entropy(const at::Tensor& logits, double chance) const;

 private:
  /// Neighbours of one kind, which tensors take at once.
  struct Run {
    int first_choice, first_bin;
    int choices, bins;  ///< `bins` of each choice
    bool posture;
  };
  /// Log probabilities of a run's bins: [..., run.choices, run.bins].
  static at::Tensor log_probabilities(const at::Tensor& logits, const Run& run);

  std::vector<int> bins_of_;
  std::vector<Run> runs_;
  int bin_count_ = 0;
};

}  // namespace medal
