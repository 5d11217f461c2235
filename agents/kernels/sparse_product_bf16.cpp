#include "agents/kernels/sparse_product_bf16.h"

#include <algorithm>
#include <cstdlib>
#include <vector>

#include "agents/kernels/bf16_lanes.h"
#include "agents/kernels/bf16_pairs.h"

namespace medal {

#if MEDAL_X86
namespace {

// Rows whose packed output gradients stay in the second-level cache.
constexpr std::int64_t kRowBlock = 256;

/// Pairs that are not 0, line by line.
struct SparsePairs {
  std::vector<std::int64_t> begin;  ///< [lines + 1], where each line's pairs begin
  std::vector<std::int32_t> place;  ///< in its line
  std::vector<std::uint32_t> pair;

  void clear(std::int64_t lines) {
    begin.assign(1, 0);
    begin.reserve(static_cast<std::size_t>(lines) + 1);
  }
  /// Makes room for a line of `most` pairs, and a whole vector behind it.
  void reserve_line(std::int64_t most) {
    const auto longest = static_cast<std::size_t>(begin.back() + most + kPairLanes);
    if (pair.size() >= longest) return;
    place.resize(2 * longest);
    pair.resize(2 * longest);
  }
};

/// Appends those of 16 pairs that are not 0 at `count`; the first one's place is `first`.
MEDAL_TARGET_AVX512_BF16 MEDAL_INLINE std::int64_t append(__m512i pairs, std::int64_t first, std::int64_t count,
                                                          SparsePairs& out) {
  const __m512i lanes = _mm512_setr_epi32(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15);
  const __mmask16 some = _mm512_test_epi32_mask(pairs, pairs);
  const __m512i places = _mm512_add_epi32(lanes, _mm512_set1_epi32(static_cast<int>(first)));
  _mm512_storeu_si512(out.pair.data() + count, _mm512_maskz_compress_epi32(some, pairs));
  _mm512_storeu_si512(out.place.data() + count, _mm512_maskz_compress_epi32(some, places));
  return count + __builtin_popcount(some);
}

/// Pairs of neighbouring columns: a line is a row, a place a pair of columns.
MEDAL_TARGET_AVX512_BF16 void collect_along_rows(const float* x, std::int64_t rows, std::int64_t columns,
                                                 SparsePairs& out) {
  out.clear(rows);
  for (std::int64_t row = 0; row < rows; ++row, x += columns) {
    out.reserve_line(pairs_of(columns));
    std::int64_t count = out.begin.back();
    for (std::int64_t k = 0; k < columns; k += 2 * kPairLanes) {
      const std::int64_t left = columns - k;
      const __m512 first = _mm512_maskz_loadu_ps(lanes_of(left), x + k);
      const __m512 second = _mm512_maskz_loadu_ps(lanes_of(left - kPairLanes), x + k + kPairLanes);
      count = append(neighbours(first, second), k / 2, count, out);
    }
    out.begin.push_back(count);
  }
}

/// Pairs of neighbouring rows: a line is a pair of rows, a place a column.
MEDAL_TARGET_AVX512_BF16 void collect_across_rows(const float* x, std::int64_t rows, std::int64_t columns,
                                                  SparsePairs& out) {
  const __m512i order = interleaving();
  out.clear(pairs_of(rows));
  for (std::int64_t row = 0; row < rows; row += 2, x += 2 * columns) {
    const bool both = row + 1 < rows;
    out.reserve_line(columns);
    std::int64_t count = out.begin.back();
    for (std::int64_t k = 0; k < columns; k += kPairLanes) {
      const __mmask16 lanes = lanes_of(columns - k);
      const __m512 low = _mm512_maskz_loadu_ps(lanes, x + k);
      const __m512 high = both ? _mm512_maskz_loadu_ps(lanes, x + columns + k) : _mm512_setzero_ps();
      count = append(interleave(low, high, order), k, count, out);
    }
    out.begin.push_back(count);
  }
}

/// Counting sort: a line of the result is a place of `pairs`, a place in it a line there.
void turn(const SparsePairs& pairs, std::int64_t places, SparsePairs& out) {
  const auto count = static_cast<std::size_t>(pairs.begin.back());
  out.begin.assign(static_cast<std::size_t>(places) + 2, 0);
  out.place.resize(count);
  out.pair.resize(count);
  std::int64_t* next = out.begin.data() + 1;  // moves on to become each line's end
  for (std::size_t e = 0; e < count; ++e) ++next[pairs.place[e] + 1];
  for (std::int64_t k = 0; k < places; ++k) next[k + 1] += next[k];
  for (std::size_t line = 0; line + 1 < pairs.begin.size(); ++line)
    for (auto e = static_cast<std::size_t>(pairs.begin[line]); e < static_cast<std::size_t>(pairs.begin[line + 1]);
         ++e) {
      const auto to = static_cast<std::size_t>(next[pairs.place[e]]++);
      out.place[to] = static_cast<std::int32_t>(line);
      out.pair[to] = pairs.pair[e];
    }
}

/// out[line] = first[line] + the sum of its pairs times the lines of `packed`, [places][stride], that they name.
struct SparseProduct {
  const SparsePairs& pairs;
  std::int64_t lines;
  const std::uint32_t* packed;
  std::int64_t stride;
  const float* first;
  std::int64_t first_stride;  ///< from line to line; 0: the same for all
  float* out;
  std::int64_t width;
  bool relu;
};

/// kVectors vectors of each line from `column` on; `last` are the lanes of the last one that exist.
template <int kVectors>
MEDAL_TARGET_AVX512_BF16 void multiply_panel(const SparseProduct& p, std::int64_t column, __mmask16 last) {
  const auto lanes = [last](int v) __attribute__((always_inline)) {
    return v + 1 < kVectors ? __mmask16(0xFFFF) : last;
  };
  for (std::int64_t line = 0; line < p.lines; ++line) {
    __m512 sum[kVectors];
    const float* first = p.first + line * p.first_stride + column;
#pragma GCC unroll 8
    for (int v = 0; v < kVectors; ++v) sum[v] = _mm512_maskz_loadu_ps(lanes(v), first + v * kPairLanes);
    const std::int64_t end = p.pairs.begin[static_cast<std::size_t>(line) + 1];
    for (std::int64_t e = p.pairs.begin[static_cast<std::size_t>(line)]; e < end; ++e) {
      const std::uint32_t* from = p.packed + p.pairs.place[static_cast<std::size_t>(e)] * p.stride + column;
      const auto pair = __m512bh(_mm512_set1_epi32(static_cast<int>(p.pairs.pair[static_cast<std::size_t>(e)])));
#pragma GCC unroll 8
      for (int v = 0; v < kVectors; ++v)
        sum[v] = _mm512_dpbf16_ps(sum[v], pair, __m512bh(_mm512_loadu_si512(from + v * kPairLanes)));
    }
    float* out = p.out + line * p.width + column;
#pragma GCC unroll 8
    for (int v = 0; v < kVectors; ++v) {
      if (p.relu) sum[v] = rectified(sum[v]);
      _mm512_mask_storeu_ps(out + v * kPairLanes, lanes(v), sum[v]);
    }
  }
}

void multiply(const SparseProduct& p) {
  std::int64_t column = 0;
  for (; column + 7 * kPairLanes < p.width; column += 8 * kPairLanes)
    multiply_panel<8>(p, column, lanes_of(p.width - column - 7 * kPairLanes));
  for (; column + 3 * kPairLanes < p.width; column += 4 * kPairLanes)
    multiply_panel<4>(p, column, lanes_of(p.width - column - 3 * kPairLanes));
  for (; column < p.width; column += kPairLanes) multiply_panel<1>(p, column, lanes_of(p.width - column));
}

}  // namespace

void sparse_layer_bf16(const float* x, std::int64_t rows, std::int64_t columns, const float* weight, const float* bias,
                       std::int64_t width, float* out) {
  thread_local SparsePairs pairs;
  thread_local PairBuffer packed;
  const std::int64_t stride = whole(width, kPairLanes);
  std::uint32_t* to = packed.reserve(pairs_of(columns) * stride);
  pack_across_rows(weight, width, columns, width, stride, to);
  collect_along_rows(x, rows, columns, pairs);
  multiply({pairs, rows, to, stride, bias, 0, out, width, true});
}

void sparse_weight_gradient_bf16(const float* x, std::int64_t rows, std::int64_t columns, const float* output_gradient,
                                 std::int64_t width, float* weight_gradient) {
  thread_local SparsePairs by_row, by_column;
  thread_local PairBuffer packed;
  const std::int64_t stride = whole(width, kPairLanes);
  std::uint32_t* to = packed.reserve(kRowBlock / 2 * stride);
  std::fill_n(weight_gradient, columns * width, 0.0F);
  for (std::int64_t row = 0; row < rows; row += kRowBlock) {
    const std::int64_t count = std::min(kRowBlock, rows - row);
    pack_across_rows(output_gradient + row * width, width, count, width, stride, to);
    collect_across_rows(x + row * columns, count, columns, by_row);
    turn(by_row, columns, by_column);
    multiply({by_column, columns, to, stride, weight_gradient, width, weight_gradient, width, false});
  }
}
#else
void sparse_layer_bf16(const float*, std::int64_t, std::int64_t, const float*, const float*, std::int64_t, float*) {
  std::abort();
}
void sparse_weight_gradient_bf16(const float*, std::int64_t, std::int64_t, const float*, std::int64_t, float*) {
  std::abort();
}
#endif

}  // namespace medal
