#pragma once

#include "agents/layers/tensor.h"
#include "sim/episode/batched_environment.h"

namespace medal {

/// T steps of N learners of one rank. Allocated once. On the CPU the simulator writes its outputs straight into these
/// rows; a GPU has a rollout of its own, which is sent to it step by step.
struct RolloutBuffer {
  /// `options`: a device, or memory that a device reads from. `written`: how many numbers of the state are kept.
  RolloutBuffer(int unroll, int learners, int observation_size, int memory_state_size,
                const at::TensorOptions& options = {}, int written_size = 0);

  int unroll, learners;
  at::Tensor observations;        ///< [T + 1, N, O]
  at::Tensor privileged;          ///< [T + 1, N, kPrivilegedSize]
  at::Tensor starts;              ///< [T + 1, N] float: 1 where an episode begins at t
  at::Tensor actions;             ///< [T, N, kActionSize] stored actions
  at::Tensor log_probabilities;   ///< [T, N]
  at::Tensor values;              ///< [T + 1, N]
  at::Tensor rewards;             ///< [T, N]
  at::Tensor terminated;          ///< [T, N] uint8
  at::Tensor truncated;           ///< [T, N] uint8
  at::Tensor final_values;        ///< [T, N]: value of the last observation where truncated, else 0
  at::Tensor final_observations;  ///< [N, O] scratch of the present step
  at::Tensor initial_memory;      ///< [N, S] before step 0
  at::Tensor advantages;          ///< [T, N], written by compute_advantages
  at::Tensor returns;             ///< [T, N]
  at::Tensor written;             ///< [T, N, W]: the state's last numbers after each step; undefined if W is 0

  /// The rows that step t's outputs go to (observations of t + 1, rewards of t ...).
  StepOutputs outputs_of(int t);
  /// The rows of t = 0, for the first observation of a run.
  StepOutputs outputs_of_reset();
  /// Copies row T to row 0 for the next unroll.
  void carry_over();
};

/// Generalised advantage estimation (Schulman et al. 2016) with bootstrapping from final_values where truncated and
/// from 0 where terminated. On the CPU a plain double loop; the reference for itself.
void compute_advantages(RolloutBuffer& rollout, double discount, double lambda);
/// The same by tensor operations, for any device: as many rounds as the unroll has binary digits.
void compute_advantages_by_tensors(RolloutBuffer& rollout, double discount, double lambda);

}  // namespace medal
