#include "agents/kernels/ray_product.h"

#include <algorithm>

#include "agents/kernels/exponential.h"
#include "agents/kernels/vectors.h"

namespace medal {
namespace {

/// a . b
template <int kLanes>
MEDAL_INLINE float dot(const float* a, const float* b, std::int64_t count) {
  using Vector = typename VectorOf<kLanes>::Type;
  float sum = 0;
  std::int64_t k = 0;
  if constexpr (kLanes > 1) {
    Vector sums{};
    for (; k + kLanes <= count; k += kLanes) sums += load<Vector>(a + k) * load<Vector>(b + k);
    for (int lane = 0; lane < kLanes; ++lane) sum += sums[lane];
  }
  for (; k < count; ++k) sum += a[k] * b[k];
  return sum;
}

/// out[r] += sum over c of factors[c] rays[c][r]
MEDAL_INLINE void add_combination(const float* factors, const float* rays, std::int64_t channels, std::int64_t count,
                                  float* out) {
  for (std::int64_t c = 0; c < channels; ++c) {
    const float factor = factors[c];
    const float* channel = rays + c * count;
#pragma GCC ivdep
    for (std::int64_t r = 0; r < count; ++r) out[r] += factor * channel[r];
  }
}

MEDAL_INLINE void softmax(float* values, std::int64_t count) {
  const float highest = *std::max_element(values, values + count);
#pragma GCC ivdep
  for (std::int64_t k = 0; k < count; ++k) values[k] = exponential(values[k] - highest);
  float sum = 0;
  for (std::int64_t k = 0; k < count; ++k) sum += values[k];
  const float share = 1.0F / sum;
  for (std::int64_t k = 0; k < count; ++k) values[k] *= share;
}

template <int kLanes>
MEDAL_INLINE void forward(const RayProductForward& p) {
  const auto [rows, queries, channels, rays, stride] = p.size;
  for (std::int64_t row = 0; row < rows; ++row) {
    const float* seen_rays = p.observations + row * stride;
    for (std::int64_t q = row * queries; q < (row + 1) * queries; ++q) {
      float* weights = p.weights + q * rays;
      std::fill_n(weights, rays, 0.0F);
      add_combination(p.query + q * channels, seen_rays, channels, rays, weights);
      softmax(weights, rays);
      for (std::int64_t c = 0; c < channels; ++c)
        p.seen[q * p.seen_stride + c] = dot<kLanes>(weights, seen_rays + c * rays, rays);
    }
  }
}

template <int kLanes>
MEDAL_INLINE void backward(const RayProductBackward& p) {
  const auto [rows, queries, channels, rays, stride] = p.size;
  for (std::int64_t row = 0; row < rows; ++row) {
    const float* seen_rays = p.observations + row * stride;
    for (std::int64_t q = row * queries; q < (row + 1) * queries; ++q) {
      const float* weights = p.weights + q * rays;
      float* gradient = p.weight_gradient + q * rays;
      add_combination(p.seen_gradient + q * p.seen_stride, seen_rays, channels, rays, gradient);
      const float mean = dot<kLanes>(weights, gradient, rays);
#pragma GCC ivdep
      for (std::int64_t r = 0; r < rays; ++r) gradient[r] = weights[r] * (gradient[r] - mean);
      for (std::int64_t c = 0; c < channels; ++c)
        p.query_gradient[q * channels + c] = dot<kLanes>(gradient, seen_rays + c * rays, rays);
    }
  }
}

#if MEDAL_X86
MEDAL_TARGET_AVX512 void forward_avx512(const RayProductForward& p) { forward<16>(p); }
MEDAL_TARGET_AVX512 void backward_avx512(const RayProductBackward& p) { backward<16>(p); }
MEDAL_TARGET_AVX2 void forward_avx2(const RayProductForward& p) { forward<8>(p); }
MEDAL_TARGET_AVX2 void backward_avx2(const RayProductBackward& p) { backward<8>(p); }
#endif

}  // namespace

void ray_product_forward(const RayProductForward& product) {
#if MEDAL_X86
  if (best_simd_path() == SimdPath::avx512) return forward_avx512(product);
  if (best_simd_path() == SimdPath::avx2) return forward_avx2(product);
#endif
  forward<1>(product);
}

void ray_product_backward(const RayProductBackward& product) {
#if MEDAL_X86
  if (best_simd_path() == SimdPath::avx512) return backward_avx512(product);
  if (best_simd_path() == SimdPath::avx2) return backward_avx2(product);
#endif
  backward<1>(product);
}

}  // namespace medal
