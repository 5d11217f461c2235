#pragma once

#include <cstdint>

#include "agents/kernels/vectors.h"

namespace medal {

/// C = A B (+ C, + bias), dense and single precision, on the CPU: A [rows, inner], B [inner, columns], C
/// [rows, columns]. For matrices as the layers of a small network have them: B, or a slice of it, stays in the
/// second-level cache and is read as it lies. A general BLAS rearranges both in each call, which for a few rows costs
/// as much as the product.
struct MatrixProduct {
  std::int64_t rows = 0, columns = 0, inner = 0;
  const float* a = nullptr;
  std::int64_t a_stride = 0;        ///< floats from row to row
  std::int64_t a_inner_stride = 1;  ///< floats from column to column; 1 and the two swapped: A transposed
  const float* b = nullptr;
  std::int64_t b_stride = 0;  ///< floats from row to row
  float* c = nullptr;
  std::int64_t c_stride = 0;
  bool accumulate = false;      ///< add to what C holds
  const float* bias = nullptr;  ///< [columns], added to each row; not with `accumulate`
  bool relu = false;            ///< negative results become 0, NaN stays
};

/// On the widest vectors that this processor has, in the thread's present_precision(). The paths differ in the last
/// bits.
void multiply(const MatrixProduct& product);
/// In single precision on the given ones, which the processor must have.
void multiply(const MatrixProduct& product, SimdPath path);

/// out[c][r] = in[r][c]; both dense.
void transpose(const float* in, std::int64_t rows, std::int64_t columns, float* out);

}  // namespace medal
