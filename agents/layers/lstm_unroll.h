#pragma once

#include <torch/torch.h>

namespace medal {

/// Parameters of an LSTM with gates in the order i, f, g, o; H: width, I: inputs.
struct LstmWeights {
  torch::Tensor input;   ///< [I, 4H]
  torch::Tensor hidden;  ///< [H, 4H]
  torch::Tensor bias;    ///< [4H]
};

/// Hidden states [T, B, H] of a whole unroll: inputs [T, B, I]; memory [B, 2H], hidden and cell side by side, before
/// step 0; starts [T, B], 1 where the memory is cleared before step t. Gradients reach inputs and weights but not
/// `memory`. On the CPU this is one autograd node: the work that does not depend on the previous step is done for all
/// steps at once.
torch::Tensor lstm_unroll(const torch::Tensor& inputs, const torch::Tensor& memory, const torch::Tensor& starts,
                          const LstmWeights& weights);

/// The same by plain tensor operations, step by step, for any device; what the CPU version is tested against.
torch::Tensor lstm_unroll_stepwise(const torch::Tensor& inputs, const torch::Tensor& memory,
                                   const torch::Tensor& starts, const LstmWeights& weights);

/// One step without gradients: inputs [B, I], memory [B, 2H] updated in place. Returns the hidden states [B, H], a view
/// of the memory.
torch::Tensor lstm_step(const torch::Tensor& inputs, torch::Tensor& memory, const LstmWeights& weights);

}  // namespace medal
