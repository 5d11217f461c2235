#pragma once

#include <string>
#include <vector>

#include "agents/learner/learner_options.h"
#include "agents/learner/minibatch.h"
#include "agents/network/action_distribution.h"
#include "agents/network/network.h"

namespace medal {

/// What one minibatch contributes to the statistics: these, then the terms of the auxiliary heads.
enum LossTerm {
  kTotalLoss,
  kPolicyLoss,
  kValueLoss,
  kEntropy,
  kPosturePrior,
  kClipFraction,
  kApproximateKl,
  kFirstHeadTerm
};
/// The terms' names in the metrics, in that order.
const std::vector<std::string>& loss_term_names();

/// How much each of those counts in the total: 0 for the total itself and for what is only watched.
std::vector<double> loss_weights(const LearnerOptions& options);

/// Which auxiliary heads have a term of another weight than 0. The others need no guess: their terms are 0 then.
std::vector<bool> taught_heads(const LearnerOptions& options);

/// A loss whose gradient is known where it leaves the network.
struct Loss {
  at::Tensor terms;                       ///< [loss_term_names().size()], without gradients
  std::vector<at::Tensor> of, gradients;  ///< the network's outputs, and the gradients of the loss with respect to them
  /// Adds to the gradients of the parameters.
  void backward() const;
};

/// The loss of recurrent PPO (Schulman et al. 2017, eq. 7 and 9) with those of the auxiliary heads and the posture
/// prior (ours): cross entropy of jump and crouch from a new agent's chances. On the CPU, with binned actions, in one
/// pass over the samples.
Loss compute_loss(const LearnerOptions& options, const ActionDistribution& actions, const NetworkOutput& output,
                  const Minibatch& batch);

/// What changes from one minibatch to the next, on the network's device, so that recorded work can read it there.
struct LossFactors {
  at::Tensor weights;         ///< [loss_term_names().size()], as loss_weights
  at::Tensor masked_samples;  ///< [heads], as Minibatch::masked_samples
};

/// The same by plain tensor operations, for any device and any actions; what the above is tested against.
Loss compute_loss_by_tensors(const LearnerOptions& options, const ActionDistribution& actions,
                             const NetworkOutput& output, const Minibatch& batch);
/// With factors of its own in place of the options' weights and the minibatch's counts.
Loss compute_loss_by_tensors(const LearnerOptions& options, const LossFactors& factors,
                             const ActionDistribution& actions, const NetworkOutput& output, const Minibatch& batch);

}  // namespace medal
