#pragma once

#include <cstdint>

namespace medal {

// sparse_layer and sparse_weight_gradient with factors rounded to bfloat16, for a processor that has_bf16_products().
// Numbers are multiplied two at a time; a pair is left out where both are 0, and neighbours in an observation, such as
// the rays that see one goal, mostly are both or neither.

/// out = relu(x weight + bias): x dense [rows, columns], weight [columns, width], out [rows, width].
void sparse_layer_bf16(const float* x, std::int64_t rows, std::int64_t columns, const float* weight, const float* bias,
                       std::int64_t width, float* out);

/// The gradient of its weight, [columns, width], from that of its output before the relu, [rows, width].
void sparse_weight_gradient_bf16(const float* x, std::int64_t rows, std::int64_t columns, const float* output_gradient,
                                 std::int64_t width, float* weight_gradient);

}  // namespace medal
