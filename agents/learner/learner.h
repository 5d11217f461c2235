#pragma once

#include <cstdint>
#include <memory>

#include "agents/learner/learner_options.h"
#include "agents/learner/rollout_buffer.h"
#include "agents/network/network.h"
#include "agents/optimizer/adam.h"
#include "agents/ranks/communicator.h"

namespace medal {

struct MinibatchPlan;

class Learner {
 public:
  /// Broadcasts rank 0's parameters.
  Learner(const LearnerOptions& options, std::shared_ptr<Network> network, Communicator& communicator);

  /// One iteration: advantages are normalised and loss masks averaged over all ranks; minibatches are whole sequences
  /// of a subset of learners, drawn by Random(seed, iteration). `progress` in [0, 1] drives the learning rate and the
  /// weights of entropy bonus and auxiliary losses.
  LearnerStatistics update(RolloutBuffer& rollout, std::uint64_t seed, std::int64_t iteration, double progress);

  Adam& optimizer() { return optimizer_; }

 private:
  /// With learning rate and weights of that moment of the run.
  LearnerOptions options_at(double progress) const;
  /// Makes every gradient a zeroed part of the flat buffer.
  void clear_gradients();
  /// One gradient step; adds to the statistics. False, and no step, if a loss or gradient is not finite on any rank.
  bool update_on(const RolloutBuffer& rollout, const at::Tensor& normalised_advantages, const MinibatchPlan& plan,
                 NamedNumbers& sums);

  LearnerOptions options_;
  LearnerOptions present_;  ///< with the weights of the present iteration
  std::shared_ptr<Network> network_;
  Communicator* communicator_;
  Adam optimizer_;
  at::Tensor flat_gradient_;  ///< all gradients, then the minibatch's statistics: one collective for both
};

}  // namespace medal
