#pragma once

#include "agents/layers/tensor.h"

namespace medal {

/// Parameters of an LSTM with gates in the order i, f, g, o; H: width, I: inputs.
struct LstmWeights {
  at::Tensor input;   ///< [I, 4H]
  at::Tensor hidden;  ///< [H, 4H]
  at::Tensor bias;    ///< [4H]
};

/// Hidden states [T, B, H] of a whole unroll: inputs [T, B, I]; memory [B, 2H], hidden and cell side by side, before
/// step 0; starts [T, B], 1 where the memory is cleared before step t. Gradients reach inputs and weights but not
/// `memory`. One autograd node: the work that does not depend on the previous step is done for all steps at once; on
/// the CPU on our own kernels.
at::Tensor lstm_unroll(const at::Tensor& inputs, const at::Tensor& memory, const at::Tensor& starts,
                       const LstmWeights& weights);

/// The same by plain tensor operations, step by step, for any device; what the CPU version is tested against.
at::Tensor lstm_unroll_stepwise(const at::Tensor& inputs, const at::Tensor& memory, const at::Tensor& starts,
                                const LstmWeights& weights);

/// The same as one node of tensor operations, for a GPU: few large ones, and LibTorch's fused cell there.
at::Tensor lstm_unroll_by_cells(const at::Tensor& inputs, const at::Tensor& memory, const at::Tensor& starts,
                                const LstmWeights& weights);

/// One step without gradients: inputs [B, I], memory [B, 2H] updated in place. Returns the hidden states [B, H], a view
/// of the memory.
at::Tensor lstm_step(const at::Tensor& inputs, at::Tensor& memory, const LstmWeights& weights);

}  // namespace medal
