#pragma once

#include <cstdint>

#include "agents/layers/tensor.h"

namespace medal {

/// Attention of a few queries to the slots of each row's memory: weights = softmax over slots of query . slot, read =
/// the weighted mean of whole slots. slots [rows, channels * lanes], channel by channel; queries [rows, Q * channels];
/// result [rows, Q * channels]. No gradient reaches the slots. On the CPU one autograd node on our own kernels.
at::Tensor slot_attention(const at::Tensor& slots, const at::Tensor& queries, std::int64_t channels);
/// The same by plain tensor operations, for any device; what the above is tested against.
at::Tensor slot_attention_by_tensors(const at::Tensor& slots, const at::Tensor& queries, std::int64_t channels);

}  // namespace medal
