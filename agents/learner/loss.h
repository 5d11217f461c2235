#pragma once

#include <torch/torch.h>

#include "agents/learner/learner_options.h"
#include "agents/learner/minibatch.h"
#include "agents/network/action_distribution.h"
#include "agents/network/network.h"

namespace medal {

/// What one minibatch contributes to the statistics, in this order.
enum LossTerm {
  kTotalLoss,
  kPolicyLoss,
  kValueLoss,
  kEntropy,
  kAttentionLoss,
  kPresenceLoss,
  kOrderLoss,
  kPosturePriorLoss,
  kClipFraction,
  kApproximateKl,
  kLossTermCount
};

struct Loss {
  torch::Tensor total;  ///< what the gradient is taken of
  torch::Tensor terms;  ///< [kLossTermCount], without gradients
};

/// The loss of recurrent PPO (Schulman et al. 2017, eq. 7 and 9) with the attention loss (Bhoopchand et al. 2022): mean
/// absolute error of the expert's predicted position where it is seen, and cross entropy of whether it is; and an order
/// loss of our own: mean absolute error of the order target's numbers where it is known, 0 elsewhere; and the posture
/// prior, also ours: cross entropy of jump and crouch from a new agent's chances. On the CPU, with binned actions, one
/// autograd node.
Loss compute_loss(const LearnerOptions& options, const ActionDistribution& actions, const NetworkOutput& output,
                  const Minibatch& batch);

/// The same by plain tensor operations, for any device and any actions; what the above is tested against.
Loss compute_loss_by_tensors(const LearnerOptions& options, const ActionDistribution& actions,
                             const NetworkOutput& output, const Minibatch& batch);

}  // namespace medal
