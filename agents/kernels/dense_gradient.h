#pragma once

#include <cstdint>

namespace medal {

// What a dense layer's backward pass does to whole rows, on the CPU, dense [rows, columns].

/// sums[j] = sum over rows of in[.][j]: the gradient of a bias. Summed in groups of rows, so that errors stay small.
void sum_rows(const float* in, std::int64_t rows, std::int64_t columns, float* sums);

/// out = gradient where the relu's output is above 0 or NaN, else 0; and its sums over rows.
void before_relu(const float* gradient, const float* output, std::int64_t rows, std::int64_t columns, float* out,
                 float* sums);

}  // namespace medal
