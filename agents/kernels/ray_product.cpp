#include "agents/kernels/ray_product.h"

#include <algorithm>

#include "agents/kernels/exponential.h"
#include "agents/kernels/vectors.h"

namespace medal {
namespace {

constexpr int kTogether = 4;  ///< queries that share what is loaded of the rays

/// Where a row's channels lie.
struct Channels {
  const float* rays;
  const float* last;
  std::int64_t channels, stride;
  MEDAL_INLINE const float* of(std::int64_t channel) const {
    return last != nullptr && channel + 1 == channels ? last : rays + channel * stride;
  }
};
MEDAL_INLINE Channels channels_of(const RayProductSize& size, const float* observations, std::int64_t row) {
  return {observations + row * size.observation_stride,
          size.last_channel == nullptr ? nullptr : size.last_channel + row * size.rays, size.channels, size.rays};
}

/// out[q][r] (+)= sum over c of factors[q][c] rays[c][r], for some queries and the rays begin .. begin + kLanes - 1.
template <int kLanes, int kQueries>
MEDAL_INLINE void combine_block(const Channels& rays, std::int64_t begin, const float* factors, std::int64_t stride,
                                bool accumulate, float* out) {
  using Vector = typename VectorOf<kLanes>::Type;
  Vector sum[kQueries];
#pragma GCC unroll 4
  for (int q = 0; q < kQueries; ++q) sum[q] = accumulate ? load<Vector>(out + q * rays.stride + begin) : Vector{};
  for (std::int64_t c = 0; c < rays.channels; ++c) {
    const Vector line = load<Vector>(rays.of(c) + begin);
#pragma GCC unroll 4
    for (int q = 0; q < kQueries; ++q) sum[q] += factors[q * stride + c] * line;
  }
#pragma GCC unroll 4
  for (int q = 0; q < kQueries; ++q) store(out + q * rays.stride + begin, sum[q]);
}

template <int kLanes, int kQueries>
MEDAL_INLINE void combine(const Channels& rays, const float* factors, std::int64_t stride, bool accumulate,
                          float* out) {
  std::int64_t r = 0;
  for (; r + kLanes <= rays.stride; r += kLanes)
    combine_block<kLanes, kQueries>(rays, r, factors, stride, accumulate, out);
  for (; r < rays.stride; ++r) combine_block<1, kQueries>(rays, r, factors, stride, accumulate, out);
}

/// out[q][c] = weights[q] . rays[c], for some queries.
template <int kLanes, int kQueries>
MEDAL_INLINE void project(const Channels& rays, const float* weights, std::int64_t stride, float* out) {
  using Vector = typename VectorOf<kLanes>::Type;
  for (std::int64_t c = 0; c < rays.channels; ++c) {
    const float* channel = rays.of(c);
    Vector sums[kQueries] = {};
    std::int64_t r = 0;
    for (; r + kLanes <= rays.stride; r += kLanes) {
      const Vector line = load<Vector>(channel + r);
#pragma GCC unroll 4
      for (int q = 0; q < kQueries; ++q) sums[q] += load<Vector>(weights + q * rays.stride + r) * line;
    }
#pragma GCC unroll 4
    for (int q = 0; q < kQueries; ++q) {
      float sum = sum_of_lanes<kLanes>(sums[q]);
      for (std::int64_t k = r; k < rays.stride; ++k) sum += weights[q * rays.stride + k] * channel[k];
      out[q * stride + c] = sum;
    }
  }
}

template <int kLanes>
MEDAL_INLINE float dot(const float* a, const float* b, std::int64_t count) {
  using Vector = typename VectorOf<kLanes>::Type;
  Vector sums{};
  std::int64_t k = 0;
  for (; k + kLanes <= count; k += kLanes) sums += load<Vector>(a + k) * load<Vector>(b + k);
  float sum = sum_of_lanes<kLanes>(sums);
  for (; k < count; ++k) sum += a[k] * b[k];
  return sum;
}

template <int kLanes>
MEDAL_INLINE void softmax(float* values, std::int64_t count) {
  using Vector = typename VectorOf<kLanes>::Type;
  float highest = values[0];
  std::int64_t k = 0;
  if (count >= kLanes) {
    Vector top = load<Vector>(values);
    for (; k + kLanes <= count; k += kLanes) {
      const Vector here = load<Vector>(values + k);
      top = here > top ? here : top;
    }
    highest = largest_of_lanes<kLanes>(top);
  }
  for (; k < count; ++k) highest = std::max(highest, values[k]);
#pragma GCC ivdep
  for (k = 0; k < count; ++k) values[k] = exponential(values[k] - highest);
  Vector sums{};
  for (k = 0; k + kLanes <= count; k += kLanes) sums += load<Vector>(values + k);
  float sum = sum_of_lanes<kLanes>(sums);
  for (; k < count; ++k) sum += values[k];
  const float share = 1.0F / sum;
  for (k = 0; k < count; ++k) values[k] *= share;
}

/// Some queries of one row, from the first of them.
template <int kLanes, int kQueries>
MEDAL_INLINE void forward_queries(const RayProductForward& p, const Channels& rays, std::int64_t q) {
  float* weights = p.weights + q * rays.stride;
  combine<kLanes, kQueries>(rays, p.query + q * rays.channels, rays.channels, false, weights);
  for (int i = 0; i < kQueries; ++i) softmax<kLanes>(weights + i * rays.stride, rays.stride);
  project<kLanes, kQueries>(rays, weights, p.seen_stride, p.seen + q * p.seen_stride);
}

template <int kLanes, int kQueries>
MEDAL_INLINE void backward_queries(const RayProductBackward& p, const Channels& rays, std::int64_t q) {
  const float* weights = p.weights + q * rays.stride;
  float* gradient = p.weight_gradient + q * rays.stride;
  combine<kLanes, kQueries>(rays, p.seen_gradient + q * p.seen_stride, p.seen_stride, true, gradient);
  for (int i = 0; i < kQueries; ++i) {
    const float* weight = weights + i * rays.stride;
    float* of_query = gradient + i * rays.stride;
    const float mean = dot<kLanes>(weight, of_query, rays.stride);
#pragma GCC ivdep
    for (std::int64_t r = 0; r < rays.stride; ++r) of_query[r] = weight[r] * (of_query[r] - mean);
  }
  project<kLanes, kQueries>(rays, gradient, rays.channels, p.query_gradient + q * rays.channels);
}

template <int kLanes>
MEDAL_INLINE void forward(const RayProductForward& p) {
  for (std::int64_t row = 0; row < p.size.rows; ++row) {
    const Channels rays = channels_of(p.size, p.observations, row);
    std::int64_t q = row * p.size.queries;
    const std::int64_t end = q + p.size.queries;
    for (; q + kTogether <= end; q += kTogether) forward_queries<kLanes, kTogether>(p, rays, q);
    for (; q < end; ++q) forward_queries<kLanes, 1>(p, rays, q);
  }
}

template <int kLanes>
MEDAL_INLINE void backward(const RayProductBackward& p) {
  for (std::int64_t row = 0; row < p.size.rows; ++row) {
    const Channels rays = channels_of(p.size, p.observations, row);
    std::int64_t q = row * p.size.queries;
    const std::int64_t end = q + p.size.queries;
    for (; q + kTogether <= end; q += kTogether) backward_queries<kLanes, kTogether>(p, rays, q);
    for (; q < end; ++q) backward_queries<kLanes, 1>(p, rays, q);
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

void squared_lengths(const float* first_channel, std::int64_t observation_stride, std::int64_t rows, std::int64_t rays,
                     float* out) {
  for (std::int64_t row = 0; row < rows; ++row, first_channel += observation_stride, out += rays) {
    const float *x = first_channel, *y = x + rays, *z = y + rays;
#pragma GCC ivdep
    for (std::int64_t r = 0; r < rays; ++r) out[r] = x[r] * x[r] + y[r] * y[r] + z[r] * z[r];
  }
}

}  // namespace medal
