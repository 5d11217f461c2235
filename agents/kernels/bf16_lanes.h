#pragma once

#include "agents/kernels/vectors.h"
#if MEDAL_X86
#include <immintrin.h>

#include <cstdint>

namespace medal {

/// The lanes of a vector of 16 words that `left` numbers fill.
MEDAL_INLINE __mmask16 lanes_of(std::int64_t left) {
  return left >= 16 ? __mmask16(0xFFFF) : left <= 0 ? __mmask16(0) : __mmask16((1U << left) - 1U);
}

/// max(value, 0), but NaN stays.
MEDAL_TARGET_AVX512_BF16 MEDAL_INLINE __m512 rectified(__m512 value) {
  return _mm512_mask_mov_ps(value, _mm512_cmp_ps_mask(value, _mm512_setzero_ps(), _CMP_LT_OQ), _mm512_setzero_ps());
}

/// Pairs of neighbours: the numbers of `first`, then those of `second`, two to a word.
MEDAL_TARGET_AVX512_BF16 MEDAL_INLINE __m512i neighbours(__m512 first, __m512 second) {
  return __m512i(_mm512_cvtne2ps_pbh(second, first));
}

/// (low[i], high[i]) in each word; `order` is interleaving().
MEDAL_TARGET_AVX512_BF16 MEDAL_INLINE __m512i interleave(__m512 low, __m512 high, __m512i order) {
  return _mm512_permutexvar_epi16(order, __m512i(_mm512_cvtne2ps_pbh(high, low)));
}

/// The order that interleaves the halves of a vector.
MEDAL_TARGET_AVX512_BF16 MEDAL_INLINE __m512i interleaving() {
  alignas(64) std::uint16_t order[32];
  for (std::uint16_t i = 0; i < 16; ++i) {
    order[2 * i] = i;
    order[2 * i + 1] = static_cast<std::uint16_t>(i + 16);
  }
  return _mm512_load_si512(order);
}

}  // namespace medal
#endif
