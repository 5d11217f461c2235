#include "agents/kernels/lstm_cell_bf16.h"

#include <cstdlib>

#include "agents/kernels/vectors.h"
#if MEDAL_X86
#include <immintrin.h>
#endif

// GCC 12 takes its own _mm512_undefined_ps() for a mistake of ours (its bug 105593).
#if defined(__GNUC__) && !defined(__clang__)
#pragma GCC diagnostic ignored "-Wmaybe-uninitialized"
#endif

namespace medal {

#if MEDAL_X86
namespace {

/// 1 / (1 + 2^t), NaN for NaN.
MEDAL_TARGET_AVX512_BF16 MEDAL_INLINE __m512 one_of_one_plus_power(__m512 t) {
  // The smaller operand is the second where one is NaN.
  t = _mm512_max_ps(_mm512_set1_ps(-100.0F), _mm512_min_ps(_mm512_set1_ps(100.0F), t));
  const __m512 n = _mm512_roundscale_ps(t, _MM_FROUND_TO_NEAREST_INT | _MM_FROUND_NO_EXC);
  const __m512 f = _mm512_sub_ps(t, n);
  __m512 p = _mm512_set1_ps(1.3333558e-3F);  // 2^f = sum of (f ln 2)^k / k!
  p = _mm512_fmadd_ps(p, f, _mm512_set1_ps(9.6181291e-3F));
  p = _mm512_fmadd_ps(p, f, _mm512_set1_ps(5.5504109e-2F));
  p = _mm512_fmadd_ps(p, f, _mm512_set1_ps(0.24022651F));
  p = _mm512_fmadd_ps(p, f, _mm512_set1_ps(0.69314718F));
  p = _mm512_fmadd_ps(p, f, _mm512_set1_ps(1.0F));
  const __m512 d = _mm512_add_ps(_mm512_set1_ps(1.0F), _mm512_scalef_ps(p, n));
  const __m512 r = _mm512_rcp14_ps(d);
  return _mm512_fmadd_ps(r, _mm512_fnmadd_ps(d, r, _mm512_set1_ps(1.0F)), r);  // one step of Newton's
}

constexpr float kLog2E = 1.44269504F;
MEDAL_TARGET_AVX512_BF16 MEDAL_INLINE __m512 sigmoid(__m512 x) {
  return one_of_one_plus_power(_mm512_mul_ps(x, _mm512_set1_ps(-kLog2E)));
}
MEDAL_TARGET_AVX512_BF16 MEDAL_INLINE __m512 hyperbolic_tangent(__m512 x) {
  const __m512 half = one_of_one_plus_power(_mm512_mul_ps(x, _mm512_set1_ps(-2.0F * kLog2E)));
  return _mm512_fmsub_ps(_mm512_set1_ps(2.0F), half, _mm512_set1_ps(1.0F));
}

}  // namespace

MEDAL_TARGET_AVX512_BF16 void lstm_cell_forward_bf16(const LstmCellForward& step) {
  constexpr std::int64_t kLanes = 16;
  const std::int64_t width = step.width;
  for (std::int64_t row = 0; row < step.batch; ++row) {
    float* gates = step.gates + row * 4 * width;
    const float* previous = step.previous_cell + row * step.previous_cell_stride;
    float* cell = step.cell + row * step.cell_stride;
    float* hidden = step.hidden + row * step.hidden_stride;
    float* cell_tanh = step.cell_tanh ? step.cell_tanh + row * width : nullptr;
    for (std::int64_t k = 0; k < width; k += kLanes) {
      const __mmask16 lanes = width - k >= kLanes ? __mmask16(0xFFFF) : __mmask16((1U << (width - k)) - 1U);
      const auto gate = [&](std::int64_t index) __attribute__((always_inline)) { return gates + index * width + k; };
      const __m512 input = sigmoid(_mm512_maskz_loadu_ps(lanes, gate(0)));
      const __m512 forget = sigmoid(_mm512_maskz_loadu_ps(lanes, gate(1)));
      const __m512 candidate = hyperbolic_tangent(_mm512_maskz_loadu_ps(lanes, gate(2)));
      const __m512 output = sigmoid(_mm512_maskz_loadu_ps(lanes, gate(3)));
      const __m512 value =
          _mm512_fmadd_ps(forget, _mm512_maskz_loadu_ps(lanes, previous + k), _mm512_mul_ps(input, candidate));
      const __m512 squashed = hyperbolic_tangent(value);
      _mm512_mask_storeu_ps(gate(0), lanes, input);
      _mm512_mask_storeu_ps(gate(1), lanes, forget);
      _mm512_mask_storeu_ps(gate(2), lanes, candidate);
      _mm512_mask_storeu_ps(gate(3), lanes, output);
      _mm512_mask_storeu_ps(cell + k, lanes, value);
      if (cell_tanh != nullptr) _mm512_mask_storeu_ps(cell_tanh + k, lanes, squashed);
      _mm512_mask_storeu_ps(hidden + k, lanes, _mm512_mul_ps(output, squashed));
    }
  }
}
#else
void lstm_cell_forward_bf16(const LstmCellForward&) { std::abort(); }
#endif

}  // namespace medal
