#include "agents/kernels/sparse_product.h"

#include <algorithm>

#include "agents/kernels/vectors.h"
#if MEDAL_X86
#include <immintrin.h>
#endif

namespace medal {
namespace {

// Rows whose output gradients stay in the second-level cache.
constexpr std::int64_t kRowBlock = 256;

/// Appends the entries of one row that are not zero, at `count`; the arrays are long enough.
std::int64_t collect_row(const float* row, std::int64_t columns, std::int64_t count, std::int32_t* column,
                         float* value) {
  for (std::int64_t k = 0; k < columns; ++k) {
    column[count] = static_cast<std::int32_t>(k);
    value[count] = row[k];
    count += row[k] != 0;
  }
  return count;
}

#if MEDAL_X86
MEDAL_TARGET_AVX512 std::int64_t collect_row_avx512(const float* row, std::int64_t columns, std::int64_t count,
                                                    std::int32_t* column, float* value) {
  const __m512i lanes = _mm512_setr_epi32(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15);
  for (std::int64_t k = 0; k < columns; k += 16) {
    const std::int64_t left = columns - k;
    const __mmask16 inside = left >= 16 ? __mmask16(0xFFFF) : __mmask16((1U << left) - 1U);
    const __m512 values = _mm512_maskz_loadu_ps(inside, row + k);
    const __mmask16 differs = _mm512_cmp_ps_mask(values, _mm512_setzero_ps(), _CMP_NEQ_UQ);
    const __m512i columns_here = _mm512_add_epi32(lanes, _mm512_set1_epi32(static_cast<int>(k)));
    _mm512_storeu_ps(value + count, _mm512_maskz_compress_ps(differs, values));
    _mm512_storeu_si512(column + count, _mm512_maskz_compress_epi32(differs, columns_here));
    count += __builtin_popcount(differs);
  }
  return count;
}
#endif

/// kVectors * kLanes outputs of all rows.
template <int kLanes, int kVectors>
MEDAL_INLINE void layer_panel(const SparseRows& x, const float* weight, const float* bias, std::int64_t width,
                              std::int64_t first, float* out) {
  using Vector = typename VectorOf<kLanes>::Type;
  for (std::int64_t row = 0; row < x.rows; ++row) {
    Vector sum[kVectors];
    for (int v = 0; v < kVectors; ++v) sum[v] = load<Vector>(bias + first + v * kLanes);
    const std::int64_t end = x.begin[static_cast<std::size_t>(row) + 1];
    for (std::int64_t e = x.begin[static_cast<std::size_t>(row)]; e < end; ++e) {
      const float* line = weight + x.column[static_cast<std::size_t>(e)] * width + first;
      const float value = x.value[static_cast<std::size_t>(e)];
#pragma GCC unroll 8
      for (int v = 0; v < kVectors; ++v) sum[v] += value * load<Vector>(line + v * kLanes);
    }
#pragma GCC unroll 8
    for (int v = 0; v < kVectors; ++v) store(out + row * width + first + v * kLanes, sum[v] < 0 ? Vector{} : sum[v]);
  }
}

/// The entries of some rows, column by column.
struct SparseColumns {
  std::vector<std::int64_t> begin;  ///< [columns + 2], the last one only while sorting
  std::vector<std::int32_t> row;
  std::vector<float> value;
};

/// Counting sort of the rows first .. end - 1.
void sort_by_column(const SparseRows& x, std::int64_t first, std::int64_t end, std::int64_t columns,
                    SparseColumns& out) {
  const auto entries_begin = static_cast<std::size_t>(x.begin[static_cast<std::size_t>(first)]);
  const auto entries_end = static_cast<std::size_t>(x.begin[static_cast<std::size_t>(end)]);
  out.begin.assign(static_cast<std::size_t>(columns) + 2, 0);
  out.row.resize(entries_end - entries_begin);
  out.value.resize(entries_end - entries_begin);
  std::int64_t* next = out.begin.data() + 1;  // moves on to become each column's end
  for (std::size_t e = entries_begin; e < entries_end; ++e) ++next[x.column[e] + 1];
  for (std::int64_t k = 0; k < columns; ++k) next[k + 1] += next[k];
  for (std::int64_t row = first; row < end; ++row)
    for (std::int64_t e = x.begin[static_cast<std::size_t>(row)]; e < x.begin[static_cast<std::size_t>(row) + 1]; ++e) {
      const auto to = static_cast<std::size_t>(next[x.column[static_cast<std::size_t>(e)]]++);
      out.row[to] = static_cast<std::int32_t>(row);
      out.value[to] = x.value[static_cast<std::size_t>(e)];
    }
}

/// kVectors * kLanes columns of the output gradient.
template <int kLanes, int kVectors>
MEDAL_INLINE void gradient_panel(const SparseColumns& x, const float* output_gradient, std::int64_t columns,
                                 std::int64_t width, std::int64_t first, float* weight_gradient) {
  using Vector = typename VectorOf<kLanes>::Type;
  for (std::int64_t k = 0; k < columns; ++k) {
    float* line = weight_gradient + k * width + first;
    Vector sum[kVectors];
#pragma GCC unroll 8
    for (int v = 0; v < kVectors; ++v) sum[v] = load<Vector>(line + v * kLanes);
    const std::int64_t end = x.begin[static_cast<std::size_t>(k) + 1];
    for (std::int64_t e = x.begin[static_cast<std::size_t>(k)]; e < end; ++e) {
      const float* gradient = output_gradient + x.row[static_cast<std::size_t>(e)] * width + first;
      const float value = x.value[static_cast<std::size_t>(e)];
#pragma GCC unroll 8
      for (int v = 0; v < kVectors; ++v) sum[v] += value * load<Vector>(gradient + v * kLanes);
    }
#pragma GCC unroll 8
    for (int v = 0; v < kVectors; ++v) store(line + v * kLanes, sum[v]);
  }
}

struct Layer {
  const SparseRows& x;
  const float* weight;
  const float* bias;
  std::int64_t width;
  float* out;
};
struct Gradient {
  const SparseColumns& x;
  const float* output_gradient;
  std::int64_t columns, width;
  float* weight_gradient;
};
template <int kLanes>
MEDAL_INLINE void run(const Layer& l) {
  std::int64_t first = 0;
  for (; first + 8 * kLanes <= l.width; first += 8 * kLanes)
    layer_panel<kLanes, 8>(l.x, l.weight, l.bias, l.width, first, l.out);
  for (; first + kLanes <= l.width; first += kLanes)
    layer_panel<kLanes, 1>(l.x, l.weight, l.bias, l.width, first, l.out);
  for (; first < l.width; ++first) layer_panel<1, 1>(l.x, l.weight, l.bias, l.width, first, l.out);
}

template <int kLanes>
MEDAL_INLINE void run(const Gradient& g) {
  std::int64_t first = 0;
  for (; first + 8 * kLanes <= g.width; first += 8 * kLanes)
    gradient_panel<kLanes, 8>(g.x, g.output_gradient, g.columns, g.width, first, g.weight_gradient);
  for (; first + kLanes <= g.width; first += kLanes)
    gradient_panel<kLanes, 1>(g.x, g.output_gradient, g.columns, g.width, first, g.weight_gradient);
  for (; first < g.width; ++first)
    gradient_panel<1, 1>(g.x, g.output_gradient, g.columns, g.width, first, g.weight_gradient);
}

#if MEDAL_X86
template <class Work>
MEDAL_TARGET_AVX512 void run_avx512(const Work& work) {
  run<16>(work);
}
template <class Work>
MEDAL_TARGET_AVX2 void run_avx2(const Work& work) {
  run<8>(work);
}
#endif

template <class Work>
void run_best(const Work& work) {
#if MEDAL_X86
  if (best_simd_path() == SimdPath::avx512) return run_avx512(work);
  if (best_simd_path() == SimdPath::avx2) return run_avx2(work);
#endif
  run<4>(work);
}

}  // namespace

void collect_nonzero(const float* dense, std::int64_t rows, std::int64_t columns, SparseRows& out) {
  constexpr std::int64_t kSlack = 16;  // a whole vector may be written behind the last entry
  out.rows = rows;
  out.begin.assign(static_cast<std::size_t>(rows) + 1, 0);
  std::int64_t count = 0;
  for (std::int64_t row = 0; row < rows; ++row) {
    const auto longest = static_cast<std::size_t>(count + columns + kSlack);
    if (out.column.size() < longest) {
      out.column.resize(2 * longest);
      out.value.resize(2 * longest);
    }
    const float* from = dense + row * columns;
#if MEDAL_X86
    if (best_simd_path() == SimdPath::avx512)
      count = collect_row_avx512(from, columns, count, out.column.data(), out.value.data());
    else
#endif
      count = collect_row(from, columns, count, out.column.data(), out.value.data());
    out.begin[static_cast<std::size_t>(row) + 1] = count;
  }
}

void sparse_layer(const SparseRows& x, const float* weight, const float* bias, std::int64_t width, float* out) {
  run_best(Layer{x, weight, bias, width, out});
}

void sparse_weight_gradient(const SparseRows& x, const float* output_gradient, std::int64_t columns, std::int64_t width,
                            float* weight_gradient) {
  std::fill_n(weight_gradient, columns * width, 0.0F);
  SparseColumns block;
  for (std::int64_t row = 0; row < x.rows; row += kRowBlock) {
    sort_by_column(x, row, std::min(row + kRowBlock, x.rows), columns, block);
    run_best(Gradient{block, output_gradient, columns, width, weight_gradient});
  }
}

}  // namespace medal
