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

}  // namespace medal
