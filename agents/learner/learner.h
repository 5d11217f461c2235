#pragma once

#include <cstdint>
#include <memory>

#include "agents/device/device_queue.h"
#include "agents/learner/learner_options.h"
#include "agents/learner/recorded_update.h"
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
  /// The same in two parts: on a GPU it goes on after the first, and waits for what was in the queue before; until the
  /// second, which waits for it, the rollout must stay. On the CPU the first does all.
  void begin_update(RolloutBuffer& rollout, std::uint64_t seed, std::int64_t iteration, double progress);
  LearnerStatistics finish_update();

  /// What it asks of the device, in order.
  DeviceQueue& queue() { return queue_; }
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
  DeviceQueue queue_;
  std::unique_ptr<RecordedUpdate> recorded_;  ///< null on the CPU
  LearnerStatistics statistics_;              ///< of the present update
  double explained_variance_ = 0;
  int planned_ = 0, steps_ = 0;  ///< gradient steps wanted and made
  at::Tensor flat_gradient_;     ///< on the CPU all gradients, then the minibatch's statistics: one collective for both
};

}  // namespace medal
