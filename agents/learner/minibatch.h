#pragma once

#include <cstdint>
#include <vector>

#include "agents/learner/rollout_buffer.h"
#include "agents/ranks/communicator.h"
#include "sim/episode/privileged.h"

namespace medal {

/// The whole sequences of some learners, on the network's device; T steps of B learners.
struct Minibatch {
  at::Tensor observations;       ///< [T, B, O]
  at::Tensor memory;             ///< [B, S] before step 0
  at::Tensor starts;             ///< [T, B]
  at::Tensor actions;            ///< [T, B, kActionSize]
  at::Tensor log_probabilities;  ///< [T, B] when the actions were chosen
  at::Tensor advantages;         ///< [T, B] normalised
  at::Tensor returns;            ///< [T, B]
  at::Tensor privileged;         ///< [T, B, kPrivilegedSize]
  at::Tensor written;            ///< [T, B, W] of the memory's state; undefined where the rollout does not hold it
  double samples = 1;            ///< that means are taken over: T B, or more where this is a part of a minibatch
  /// Of each auxiliary head those samples whose target is known: the mean over ranks, at least a tiny number.
  std::vector<double> masked_samples;
};

/// One minibatch to be: whose sequences, and its masked samples as above.
struct MinibatchPlan {
  at::Tensor rows;                     ///< [B] int64
  std::vector<double> masked_samples;  ///< of the whole minibatch
  std::int64_t whole_batch = 0;        ///< B of the minibatch that this is a part of
};

/// All minibatches of an iteration, epoch after epoch: learners shuffled by Random keyed (seed, iteration, epoch) and
/// cut into `minibatches` parts as equal as can be (fewer if there are fewer learners). Collective.
std::vector<MinibatchPlan> plan_minibatches(const RolloutBuffer& rollout, int epochs, int minibatches,
                                            std::uint64_t seed, std::int64_t iteration, Communicator& communicator);

Minibatch gather_minibatch(const RolloutBuffer& rollout, const at::Tensor& normalised_advantages,
                           const MinibatchPlan& plan, at::Device device);

/// Cuts a minibatch's rows into parts whose activations stay in a core's caches (one part on a GPU). The gradients of
/// the parts' losses add up to the minibatch's.
std::vector<MinibatchPlan> cache_sized_parts(const MinibatchPlan& plan, int unroll, at::Device device);

/// What an unroll says before any update, over all ranks.
struct RolloutSummary {
  at::Tensor normalised_advantages;  ///< [T, N]: mean 0, deviation 1 over all ranks
  double explained_variance = 0;     ///< share of the returns' variance that the values predicted
};
/// Collective.
RolloutSummary summarise_rollout(const RolloutBuffer& rollout, Communicator& communicator);

}  // namespace medal
