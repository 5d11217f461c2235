#pragma once

#include <cstdint>
#include <vector>

namespace medal {

/// The entries of a matrix that are not zero, row by row. Most of an observation is zero: of the channels of a LIDAR
/// ray all but one or two.
struct SparseRows {
  std::int64_t rows = 0;
  std::vector<std::int64_t> begin;  ///< [rows + 1], where each row's entries begin
  std::vector<std::int32_t> column;
  std::vector<float> value;
};
/// From a dense matrix [rows, columns].
void collect_nonzero(const float* dense, std::int64_t rows, std::int64_t columns, SparseRows& out);

/// out = relu(x weight + bias): weight [columns of x, width], out [rows, width]. On the CPU.
void sparse_layer(const SparseRows& x, const float* weight, const float* bias, std::int64_t width, float* out);

/// The gradient of its weight, [columns of x, width], from that of its output before the relu, [rows, width].
void sparse_weight_gradient(const SparseRows& x, const float* output_gradient, std::int64_t columns, std::int64_t width,
                            float* weight_gradient);

}  // namespace medal
