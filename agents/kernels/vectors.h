#pragma once

#include <cstring>

#include "sim/base/simd_path.h"

// For code that is written once with the compiler's vector types and compiled for several instruction sets. Vectors are
// passed between inlined functions only, so the warning about their calling convention does not apply.
#if defined(__GNUC__) && !defined(__clang__)
#pragma GCC diagnostic ignored "-Wpsabi"
#endif

#define MEDAL_INLINE __attribute__((always_inline)) inline
#if defined(__x86_64__)
#define MEDAL_X86 1
#define MEDAL_TARGET_AVX512 __attribute__((target("avx512f,avx512dq,avx512bw,avx512vl,avx2,fma")))
#define MEDAL_TARGET_AVX512_BF16 __attribute__((target("avx512bf16,avx512f,avx512dq,avx512bw,avx512vl,avx2,fma")))
#define MEDAL_TARGET_AVX2 __attribute__((target("avx2,fma")))
#else
#define MEDAL_X86 0
#endif

namespace medal {

/// kLanes floats that the compiler computes with at once.
template <int kLanes>
struct VectorOf {
  typedef float Type __attribute__((vector_size(kLanes * sizeof(float))));
};
template <>
struct VectorOf<1> {
  using Type = float;
};

template <class Vector>
MEDAL_INLINE Vector load(const float* from) {
  Vector vector;
  std::memcpy(&vector, from, sizeof vector);
  return vector;
}
template <class Vector>
MEDAL_INLINE void store(float* to, const Vector& vector) {
  std::memcpy(to, &vector, sizeof vector);
}

/// Half of a vector's lanes.
template <int kLanes>
MEDAL_INLINE typename VectorOf<kLanes / 2>::Type half(const typename VectorOf<kLanes>::Type& v, bool upper) {
  if constexpr (kLanes == 16)
    return upper ? __builtin_shufflevector(v, v, 8, 9, 10, 11, 12, 13, 14, 15)
                 : __builtin_shufflevector(v, v, 0, 1, 2, 3, 4, 5, 6, 7);
  else if constexpr (kLanes == 8)
    return upper ? __builtin_shufflevector(v, v, 4, 5, 6, 7) : __builtin_shufflevector(v, v, 0, 1, 2, 3);
  else if constexpr (kLanes == 4)
    return upper ? __builtin_shufflevector(v, v, 2, 3) : __builtin_shufflevector(v, v, 0, 1);
  else
    return upper ? v[1] : v[0];
}

/// Halves are added to halves: fewer steps after each other than lane by lane.
template <int kLanes>
MEDAL_INLINE float sum_of_lanes(const typename VectorOf<kLanes>::Type& v) {
  if constexpr (kLanes == 1)
    return v;
  else
    return sum_of_lanes<kLanes / 2>(half<kLanes>(v, false) + half<kLanes>(v, true));
}

template <int kLanes>
MEDAL_INLINE float largest_of_lanes(const typename VectorOf<kLanes>::Type& v) {
  if constexpr (kLanes == 1) {
    return v;
  } else {
    const auto low = half<kLanes>(v, false), high = half<kLanes>(v, true);
    return largest_of_lanes<kLanes / 2>(low > high ? low : high);
  }
}

}  // namespace medal
