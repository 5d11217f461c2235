#pragma once

#include <cstdint>

#include "agents/layers/tensor.h"

namespace medal {

/// Attention of a few queries to the slots of each row's memory: weights = softmax over slots of query . slot, read =
/// the weighted mean of whole slots. slots [rows, channels * lanes], channel by channel; queries [rows, Q * channels];
/// result [rows, Q * channels]. No gradient reaches the slots. On the CPU one autograd node on our own kernels.
at::Tensor slot_attention(const at::Tensor& slots, const at::Tensor& queries, std::int64_t channels);
/// What a learner reads of its memory: [attended | newest] times `allowed`, then a 1. attended [rows, A], newest
/// [rows, N], allowed [rows]; result [rows, A + N + 1]. Gradients reach `attended` alone. On the CPU one autograd node.
at::Tensor slot_reads(const at::Tensor& attended, const at::Tensor& newest, const at::Tensor& allowed);
at::Tensor slot_reads_by_tensors(const at::Tensor& attended, const at::Tensor& newest, const at::Tensor& allowed);

/// Attention by plain tensor operations, for any device; what the above is tested against.
at::Tensor slot_attention_by_tensors(const at::Tensor& slots, const at::Tensor& queries, std::int64_t channels);

}  // namespace medal
