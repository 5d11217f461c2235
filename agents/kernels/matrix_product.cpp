#include "agents/kernels/matrix_product.h"

#include <algorithm>

#include "agents/kernels/bf16_product.h"
#include "agents/kernels/precision.h"

namespace medal {
namespace {

// Slices that stay in the caches: B's slice of kInnerBlock rows in the second level, a panel of it in the first.
constexpr std::int64_t kInnerBlock = 256, kRowBlock = 64;

/// kRows x (kVectors * kLanes) of C at once, all of it in registers.
template <int kLanes, int kRows, int kVectors>
MEDAL_INLINE void multiply_tile(const MatrixProduct& p, std::int64_t row, std::int64_t column) {
  using Vector = typename VectorOf<kLanes>::Type;
  Vector sum[kRows][kVectors];
  float* c = p.c + row * p.c_stride + column;
#pragma GCC unroll 16
  for (int i = 0; i < kRows; ++i)
#pragma GCC unroll 4
    for (int v = 0; v < kVectors; ++v) {
      const float* first = p.accumulate ? c + i * p.c_stride : p.bias ? p.bias + column : nullptr;
      sum[i][v] = first ? load<Vector>(first + v * kLanes) : Vector{};
    }
  const float* a = p.a + row * p.a_stride;
  const float* b = p.b + column;
  for (std::int64_t k = 0; k < p.inner; ++k, a += p.a_inner_stride, b += p.b_stride) {
    Vector line[kVectors];
#pragma GCC unroll 4
    for (int v = 0; v < kVectors; ++v) line[v] = load<Vector>(b + v * kLanes);
#pragma GCC unroll 16
    for (int i = 0; i < kRows; ++i)
#pragma GCC unroll 4
      for (int v = 0; v < kVectors; ++v) sum[i][v] += a[i * p.a_stride] * line[v];
  }
#pragma GCC unroll 16
  for (int i = 0; i < kRows; ++i)
#pragma GCC unroll 4
    for (int v = 0; v < kVectors; ++v)
      store(c + i * p.c_stride + v * kLanes, p.relu ? (sum[i][v] < 0 ? Vector{} : sum[i][v]) : sum[i][v]);
}

/// Some rows of kVectors * kLanes columns.
template <int kLanes, int kRows, int kVectors>
MEDAL_INLINE void multiply_panel(const MatrixProduct& p, std::int64_t row, std::int64_t end, std::int64_t column) {
  for (; row + kRows <= end; row += kRows) multiply_tile<kLanes, kRows, kVectors>(p, row, column);
  if constexpr (kRows > 4)
    for (; row + 4 <= end; row += 4) multiply_tile<kLanes, 4, kVectors>(p, row, column);
  for (; row < end; ++row) multiply_tile<kLanes, 1, kVectors>(p, row, column);
}

/// The last columns, fewer than kLanes: computed as kLanes of them beside C, in copies filled up with zeros.
template <int kLanes, int kRows>
MEDAL_INLINE void multiply_rest(const MatrixProduct& p, std::int64_t row, std::int64_t end, std::int64_t column) {
  const std::int64_t width = p.columns - column;
  float b[kInnerBlock * kLanes], c[kRowBlock * kLanes] = {}, bias[kLanes] = {};
  for (std::int64_t k = 0; k < p.inner; ++k) {
    for (std::int64_t j = 0; j < kLanes; ++j) b[k * kLanes + j] = j < width ? p.b[k * p.b_stride + column + j] : 0.0F;
  }
  for (std::int64_t i = 0; p.accumulate && i < end - row; ++i)
    std::copy_n(p.c + (row + i) * p.c_stride + column, width, c + i * kLanes);
  if (p.bias) std::copy_n(p.bias + column, width, bias);
  MatrixProduct padded = p;
  padded.a = p.a + row * p.a_stride;
  padded.b = b;
  padded.b_stride = kLanes;
  padded.c = c;
  padded.c_stride = kLanes;
  if (p.bias) padded.bias = bias;
  multiply_panel<kLanes, kRows, 1>(padded, 0, end - row, 0);
  for (std::int64_t i = 0; i < end - row; ++i)
    std::copy_n(c + i * kLanes, width, p.c + (row + i) * p.c_stride + column);
}

/// A slice of `inner` that fits the cache.
template <int kLanes, int kRows, int kVectors>
MEDAL_INLINE void multiply_slice(const MatrixProduct& p) {
  for (std::int64_t row = 0; row < p.rows; row += kRowBlock) {
    const std::int64_t end = std::min(row + kRowBlock, p.rows);
    std::int64_t column = 0;
    for (; column + kVectors * kLanes <= p.columns; column += kVectors * kLanes)
      multiply_panel<kLanes, kRows, kVectors>(p, row, end, column);
    for (; column + kLanes <= p.columns; column += kLanes) multiply_panel<kLanes, kRows, 1>(p, row, end, column);
    if (column < p.columns) multiply_rest<kLanes, kRows>(p, row, end, column);
  }
}

template <int kLanes, int kRows, int kVectors>
MEDAL_INLINE void multiply_all(const MatrixProduct& p) {
  MatrixProduct slice = p;
  for (std::int64_t begin = 0; begin == 0 || begin < p.inner; begin += kInnerBlock) {
    slice.inner = std::min(kInnerBlock, p.inner - begin);
    slice.a = p.a + begin * p.a_inner_stride;
    slice.b = p.b + begin * p.b_stride;
    slice.accumulate = p.accumulate || begin > 0;
    slice.relu = p.relu && begin + kInnerBlock >= p.inner;
    multiply_slice<kLanes, kRows, kVectors>(slice);
  }
}

#if MEDAL_X86
MEDAL_TARGET_AVX512 void multiply_avx512(const MatrixProduct& p) { multiply_all<16, 8, 2>(p); }
MEDAL_TARGET_AVX2 void multiply_avx2(const MatrixProduct& p) { multiply_all<8, 4, 3>(p); }
#endif
void multiply_portable(const MatrixProduct& p) { multiply_all<4, 4, 2>(p); }

}  // namespace

void multiply(const MatrixProduct& product, SimdPath path) {
#if MEDAL_X86
  if (path == SimdPath::avx512) return multiply_avx512(product);
  if (path == SimdPath::avx2) return multiply_avx2(product);
#endif
  multiply_portable(product);
}

void multiply(const MatrixProduct& product) {
  if (present_precision() == Precision::bfloat16) return multiply_bf16(product);
  multiply(product, best_simd_path());
}

void transpose(const float* in, std::int64_t rows, std::int64_t columns, float* out) {
  constexpr std::int64_t kBlock = 16;  // a cache line each way
  for (std::int64_t r = 0; r < rows; r += kBlock)
    for (std::int64_t c = 0; c < columns; c += kBlock)
      for (std::int64_t i = r; i < std::min(r + kBlock, rows); ++i)
        for (std::int64_t j = c; j < std::min(c + kBlock, columns); ++j) out[j * rows + i] = in[i * columns + j];
}

}  // namespace medal
