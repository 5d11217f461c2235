#pragma once

#include <memory>
#include <span>

#include "agents/device/device_queue.h"
#include "agents/device/recorded_work.h"
#include "agents/learner/rollout_buffer.h"
#include "agents/network/network.h"
#include "sim/episode/batched_environment.h"

namespace medal {

/// Chooses the actions of the learners of one group, on the network's device. Whatever is asked of it is done in order,
/// on a GPU while the caller goes on. There the rollout is not what the simulator writes, `seen`, but is sent from it.
class LearnerGroup {
 public:
  /// `memory` [n, S] on the device, a row for each of the group's learners; it stays theirs.
  LearnerGroup(const Network& network, LearnerRange range, const at::Tensor& memory, const RolloutBuffer& seen);

  LearnerRange range() const { return range_; }
  /// The uniform numbers of step t that actions are drawn by, row by row [n, kActionSize]: for the caller to write
  /// before `begin`.
  std::span<float> uniforms(int t);

  /// An unroll begins. `allowed` [n] on the CPU: who may read what an episodic memory wrote down; undefined: no change.
  void begin(const RolloutBuffer& rollout, const at::Tensor& allowed);
  /// Of step t, and what the rollout holds of it.
  void choose(const RolloutBuffer& rollout, int t);
  /// Whether the actions asked for last are there.
  bool chosen() const { return queue_.reached(); }
  /// These actions; the caller's rows are those of all learners.
  void take_actions(std::span<Action> all) const;
  /// The values of the last observations of episodes that step t has cut off, with the memory from before the reset.
  void value_truncated(const RolloutBuffer& rollout, int t);
  /// The values of what step T - 1 has led to.
  void value_last(const RolloutBuffer& rollout);
  /// Waits until all is done.
  void wait();

 private:
  /// The rows of one step.
  struct Choice {
    at::Tensor observations, starts, uniforms;
    at::Tensor actions, log_probabilities, values;
  };

  at::Tensor mine(const at::Tensor& row) const { return row.narrow(0, range_.first, range_.count); }
  void choose_here(const Choice& choice);
  void value_here(const at::Tensor& observations, const at::Tensor& starts, at::Tensor& values) const;
  /// No `starts`: nobody's memory is cleared.
  void value_sent(const at::Tensor& observations, const at::Tensor& starts);

  const Network* network_;
  LearnerRange range_;
  at::Tensor memory_;
  const RolloutBuffer* seen_;
  DeviceQueue queue_;
  at::Tensor drawn_, uniforms_;  ///< [T, n, kActionSize] where the caller writes, and on the device
  at::Tensor chosen_;            ///< [n, kActionSize] on the CPU

  // Of a GPU alone: what the recordings read and write.
  struct Recorded {
    Choice choice, value;
    RecordedWork choose, find_value;
  };
  std::unique_ptr<Recorded> recorded_;
};

}  // namespace medal
