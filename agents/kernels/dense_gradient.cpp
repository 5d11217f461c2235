#include "agents/kernels/dense_gradient.h"

#include <algorithm>

#include "agents/kernels/vectors.h"

namespace medal {
namespace {

constexpr std::int64_t kRowGroup = 64;

struct Rows {
  const float* in;
  const float* output;  ///< null: no relu
  std::int64_t rows, columns;
  float* out;
  float* sums;
};

/// kVectors * kLanes columns of all rows.
template <int kLanes, int kVectors>
MEDAL_INLINE void sum_panel(const Rows& r, std::int64_t column) {
  using Vector = typename VectorOf<kLanes>::Type;
  Vector total[kVectors] = {};
  for (std::int64_t begin = 0; begin < r.rows; begin += kRowGroup) {
    Vector sum[kVectors] = {};
    for (std::int64_t row = begin; row < std::min(begin + kRowGroup, r.rows); ++row) {
      const std::int64_t at = row * r.columns + column;
#pragma GCC unroll 4
      for (int v = 0; v < kVectors; ++v) {
        Vector value = load<Vector>(r.in + at + v * kLanes);
        if (r.output != nullptr) {
          value = load<Vector>(r.output + at + v * kLanes) <= 0 ? Vector{} : value;
          store(r.out + at + v * kLanes, value);
        }
        sum[v] += value;
      }
    }
#pragma GCC unroll 4
    for (int v = 0; v < kVectors; ++v) total[v] += sum[v];
  }
  for (int v = 0; v < kVectors; ++v) store(r.sums + column + v * kLanes, total[v]);
}

template <int kLanes>
MEDAL_INLINE void run(const Rows& r) {
  std::int64_t column = 0;
  for (; column + 4 * kLanes <= r.columns; column += 4 * kLanes) sum_panel<kLanes, 4>(r, column);
  for (; column + kLanes <= r.columns; column += kLanes) sum_panel<kLanes, 1>(r, column);
  for (; column < r.columns; ++column) sum_panel<1, 1>(r, column);
}

#if MEDAL_X86
MEDAL_TARGET_AVX512 void run_avx512(const Rows& rows) { run<16>(rows); }
MEDAL_TARGET_AVX2 void run_avx2(const Rows& rows) { run<8>(rows); }
#endif

void run_best(const Rows& rows) {
#if MEDAL_X86
  if (best_simd_path() == SimdPath::avx512) return run_avx512(rows);
  if (best_simd_path() == SimdPath::avx2) return run_avx2(rows);
#endif
  run<4>(rows);
}

}  // namespace

void sum_rows(const float* in, std::int64_t rows, std::int64_t columns, float* sums) {
  run_best({in, nullptr, rows, columns, nullptr, sums});
}

void before_relu(const float* gradient, const float* output, std::int64_t rows, std::int64_t columns, float* out,
                 float* sums) {
  run_best({gradient, output, rows, columns, out, sums});
}

}  // namespace medal
