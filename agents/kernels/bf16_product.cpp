#include "agents/kernels/bf16_product.h"

#include <algorithm>
#include <cstdlib>

#include "agents/kernels/bf16_lanes.h"
#include "agents/kernels/bf16_pairs.h"

namespace medal {

#if MEDAL_X86
namespace {

// A slice of the inner dimension whose pairs of B stay in the second-level cache; rows whose pairs of A stay in the
// first.
constexpr std::int64_t kInnerBlock = 512, kRowBlock = 64;
/// Of a tile: with 16 sums in registers the multiplier never waits.
constexpr int kRows = 8, kVectors = kProductPanel / kPairLanes;
constexpr std::int64_t kRowPanel = kPairLanes;  ///< of A transposed
static_assert(kRowBlock % kRowPanel == 0 && kRowPanel % kRows == 0);

/// What a slice reads and writes. Where row r of A begins: r / kRowPanel panels and the rows beyond.
struct Slice {
  const std::uint32_t* a = nullptr;
  std::int64_t a_panel = 0, a_row = 0, a_pair = 0;  ///< words from panel to panel, row to row, pair to pair
  const std::uint32_t* b = nullptr;
  std::int64_t b_panel = 0;  ///< words from panel to panel
  std::int64_t pairs = 0;
  bool accumulate = false, relu = false;
};

/// kHeight rows x (kWidth vectors) of C, all of it in registers; `last` are the lanes of the last vector that exist.
template <int kHeight, int kWidth>
MEDAL_TARGET_AVX512_BF16 MEDAL_INLINE void multiply_tile(const MatrixProduct& p, const Slice& s, std::int64_t row,
                                                         std::int64_t column, __mmask16 last) {
  constexpr __mmask16 kAll = 0xFFFF;
  __m512 sum[kHeight][kWidth];
  float* c = p.c + row * p.c_stride + column;
#pragma GCC unroll 16
  for (int i = 0; i < kHeight; ++i)
#pragma GCC unroll 4
    for (int v = 0; v < kWidth; ++v) {
      const __mmask16 lanes = v + 1 < kWidth ? kAll : last;
      const float* first = s.accumulate ? c + i * p.c_stride : p.bias ? p.bias + column : nullptr;
      sum[i][v] = first ? _mm512_maskz_loadu_ps(lanes, first + v * kPairLanes) : _mm512_setzero_ps();
    }
  const std::uint32_t* a = s.a + row / kRowPanel * s.a_panel + row % kRowPanel * s.a_row;
  const std::uint32_t* b = s.b + column / kProductPanel * s.b_panel;
  for (std::int64_t k = 0; k < s.pairs; ++k, a += s.a_pair, b += kProductPanel) {
    __m512bh line[kWidth];
#pragma GCC unroll 4
    for (int v = 0; v < kWidth; ++v) line[v] = __m512bh(_mm512_loadu_si512(b + v * kPairLanes));
#pragma GCC unroll 16
    for (int i = 0; i < kHeight; ++i) {
      const auto pair = __m512bh(_mm512_set1_epi32(static_cast<int>(a[i * s.a_row])));
#pragma GCC unroll 4
      for (int v = 0; v < kWidth; ++v) sum[i][v] = _mm512_dpbf16_ps(sum[i][v], pair, line[v]);
    }
  }
#pragma GCC unroll 16
  for (int i = 0; i < kHeight; ++i)
#pragma GCC unroll 4
    for (int v = 0; v < kWidth; ++v) {
      __m512 value = sum[i][v];
      if (s.relu) value = rectified(value);
      _mm512_mask_storeu_ps(c + i * p.c_stride + v * kPairLanes, v + 1 < kWidth ? kAll : last, value);
    }
}

/// Some rows of kWidth vectors; `s.a` begins with row `first`.
template <int kWidth>
MEDAL_TARGET_AVX512_BF16 MEDAL_INLINE void multiply_panel(MatrixProduct p, const Slice& s, std::int64_t first,
                                                          std::int64_t count, std::int64_t column) {
  const __mmask16 last = lanes_of(p.columns - column - (kWidth - 1) * kPairLanes);
  p.c += first * p.c_stride;
  std::int64_t row = 0;
  for (; row + kRows <= count; row += kRows) multiply_tile<kRows, kWidth>(p, s, row, column, last);
  for (; row + 4 <= count; row += 4) multiply_tile<4, kWidth>(p, s, row, column, last);
  for (; row < count; ++row) multiply_tile<1, kWidth>(p, s, row, column, last);
}

MEDAL_TARGET_AVX512_BF16 void multiply_rows(const MatrixProduct& p, const Slice& s, std::int64_t first,
                                            std::int64_t count) {
  std::int64_t column = 0;
  for (; column + (kVectors - 1) * kPairLanes < p.columns; column += kVectors * kPairLanes)
    multiply_panel<kVectors>(p, s, first, count, column);
  for (; column < p.columns; column += kPairLanes) multiply_panel<1>(p, s, first, count, column);
}

}  // namespace

void multiply_bf16(const MatrixProduct& p, const std::uint32_t* packed_b) {
  thread_local PairBuffer a_buffer, b_buffer;
  Slice s;
  for (std::int64_t begin = 0; begin == 0 || begin < p.inner; begin += kInnerBlock) {
    const std::int64_t inner = std::min(kInnerBlock, p.inner - begin);
    s.pairs = pairs_of(inner);
    s.accumulate = p.accumulate || begin > 0;
    s.relu = p.relu && begin + kInnerBlock >= p.inner;
    if (packed_b != nullptr) {
      s.b = packed_b + pairs_of(begin) * kProductPanel;
      s.b_panel = pairs_of(p.inner) * kProductPanel;
    } else {
      std::uint32_t* to = b_buffer.reserve(panel_words(inner, p.columns, kProductPanel));
      pack_across_rows(p.b + begin * p.b_stride, p.b_stride, inner, p.columns, kProductPanel, to);
      s.b = to;
      s.b_panel = s.pairs * kProductPanel;
    }
    const float* a = p.a + begin * p.a_inner_stride;
    if (p.a_inner_stride != 1) {  // A transposed: its pairs lie across its rows in memory
      s.a_panel = s.pairs * kRowPanel;
      s.a_row = 1;
      s.a_pair = kRowPanel;
      std::uint32_t* to = a_buffer.reserve(panel_words(inner, p.rows, kRowPanel));
      pack_across_rows(a, p.a_inner_stride, inner, p.rows, kRowPanel, to);
      for (std::int64_t row = 0; row < p.rows; row += kRowBlock) {
        s.a = to + row / kRowPanel * s.a_panel;
        multiply_rows(p, s, row, std::min(kRowBlock, p.rows - row));
      }
      continue;
    }
    s.a_row = whole(s.pairs, kPairLanes);
    s.a_panel = kRowPanel * s.a_row;
    s.a_pair = 1;
    std::uint32_t* to = a_buffer.reserve(kRowBlock * s.a_row);
    s.a = to;
    for (std::int64_t row = 0; row < p.rows; row += kRowBlock) {
      const std::int64_t count = std::min(kRowBlock, p.rows - row);
      pack_along_rows(a + row * p.a_stride, p.a_stride, count, inner, to, s.a_row);
      multiply_rows(p, s, row, count);
    }
  }
}
#else
void multiply_bf16(const MatrixProduct&, const std::uint32_t*) { std::abort(); }
#endif

}  // namespace medal
