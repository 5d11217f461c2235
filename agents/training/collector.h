#pragma once

#include <cstdint>
#include <vector>

#include "agents/training/iteration_result.h"
#include "agents/training/learner_group.h"

namespace medal {

/// Plays unrolls: the learners' groups take turns, so that the simulator's threads step some worlds while the device
/// chooses the actions of others. Which group is ready first is left to chance and changes nothing: rows are computed
/// for themselves, and draws are keyed by (seed, global learner, step).
class Collector {
 public:
  /// `first_learner`: of this rank, in the global numbering.
  Collector(const Network& network, BatchedEnvironment& environment, int unroll, std::uint64_t seed, int first_learner);
  /// Waits for worlds that are at work still, since one of another group has thrown: they write here.
  ~Collector();
  Collector(const Collector&) = delete;

  /// A rollout for `collect` to fill: on the CPU the one that the simulator writes, each time the same.
  RolloutBuffer make_rollout() const;

  /// The `unroll_index`-th unroll of the run. `allowed` as in LearnerGroup::begin, [N]. All is there when it returns.
  void collect(RolloutBuffer& rollout, std::int64_t unroll_index, const at::Tensor& allowed, PhaseSeconds& phases);

  /// [N, S] after the last step.
  const at::Tensor& memory() const { return memory_; }
  /// [N]: 1 where an episode has just begun.
  at::Tensor starts() const { return seen_.starts[seen_.unroll * (carried_ ? 0 : 1)]; }
  /// Goes on from these and from what the environment's episodes look like now.
  void go_on_from(const at::Tensor& memory, const at::Tensor& starts);
  /// Looks at the episodes anew.
  void observe();

 private:
  struct Turn {
    int step = 0;
    bool simulating = false;
  };

  void draw_uniforms(std::int64_t unroll_index);
  /// Goes on with a group as far as it can without waiting; false where it cannot.
  bool go_on(const RolloutBuffer& rollout, std::size_t group, PhaseSeconds& phases);
  void mark_starts(LearnerRange learners, int t);
  /// What the policy does not need, to a rollout on a GPU.
  void send_outcomes(const RolloutBuffer& rollout);

  const Network* network_;
  BatchedEnvironment* environment_;
  std::uint64_t seed_;
  int first_learner_;
  RolloutBuffer seen_;   ///< what the simulator writes
  bool carried_ = true;  ///< whether the last step of the unroll before is the first row
  DeviceQueue queue_;
  at::Tensor memory_;
  std::vector<std::unique_ptr<LearnerGroup>> groups_;
  std::vector<Turn> turns_;
  std::vector<Action> actions_;
};

}  // namespace medal
