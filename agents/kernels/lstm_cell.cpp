#include "agents/kernels/lstm_cell.h"

#include "agents/kernels/exponential.h"
#include "agents/kernels/lstm_cell_bf16.h"
#include "agents/kernels/precision.h"
#include "agents/kernels/vectors.h"

namespace medal {
namespace {

MEDAL_INLINE float sigmoid(float x) { return 1.0F / (1.0F + exponential(-x)); }
MEDAL_INLINE float hyperbolic_tangent(float x) { return 2.0F / (1.0F + exponential(-2.0F * x)) - 1.0F; }

MEDAL_INLINE void forward(const LstmCellForward& step) {
  const std::int64_t width = step.width;
  for (std::int64_t row = 0; row < step.batch; ++row) {
    float* i = step.gates + row * 4 * width;
    float* f = i + width;
    float* g = f + width;
    float* o = g + width;
    const float* previous = step.previous_cell + row * step.previous_cell_stride;
    float* cell = step.cell + row * step.cell_stride;
    float* hidden = step.hidden + row * step.hidden_stride;
    float* cell_tanh = step.cell_tanh ? step.cell_tanh + row * width : hidden;  // then a scratch that is overwritten
#pragma GCC ivdep
    for (std::int64_t k = 0; k < width; ++k) {
      const float input = sigmoid(i[k]), forget = sigmoid(f[k]), output = sigmoid(o[k]);
      const float candidate = hyperbolic_tangent(g[k]);
      const float value = forget * previous[k] + input * candidate;
      const float squashed = hyperbolic_tangent(value);
      i[k] = input;
      f[k] = forget;
      g[k] = candidate;
      o[k] = output;
      cell[k] = value;
      cell_tanh[k] = squashed;
      hidden[k] = output * squashed;
    }
  }
}

MEDAL_INLINE void backward(const LstmCellBackward& step) {
  const std::int64_t width = step.width;
  for (std::int64_t row = 0; row < step.batch; ++row) {
    const float* i = step.gates + row * 4 * width;
    const float* f = i + width;
    const float* g = f + width;
    const float* o = g + width;
    float* di = step.gate_gradient + row * 4 * width;
    float* df = di + width;
    float* dg = df + width;
    float* d_o = dg + width;
    const float* previous = step.previous_cell + row * width;
    const float* cell_tanh = step.cell_tanh + row * width;
    const float* from_loss = step.output_gradient + row * width;
    const float* from_next = step.hidden_gradient + row * width;
    float* cell_gradient = step.cell_gradient + row * width;
#pragma GCC ivdep
    for (std::int64_t k = 0; k < width; ++k) {
      const float dh = from_loss[k] + from_next[k];
      const float dc = cell_gradient[k] + dh * o[k] * (1.0F - cell_tanh[k] * cell_tanh[k]);
      di[k] = dc * g[k] * i[k] * (1.0F - i[k]);
      df[k] = dc * previous[k] * f[k] * (1.0F - f[k]);
      dg[k] = dc * i[k] * (1.0F - g[k] * g[k]);
      d_o[k] = dh * cell_tanh[k] * o[k] * (1.0F - o[k]);
      cell_gradient[k] = dc * f[k];
    }
  }
}

#if MEDAL_X86
MEDAL_TARGET_AVX512 void forward_avx512(const LstmCellForward& step) { forward(step); }
MEDAL_TARGET_AVX512 void backward_avx512(const LstmCellBackward& step) { backward(step); }
MEDAL_TARGET_AVX2 void forward_avx2(const LstmCellForward& step) { forward(step); }
MEDAL_TARGET_AVX2 void backward_avx2(const LstmCellBackward& step) { backward(step); }
#endif

}  // namespace

void lstm_cell_forward(const LstmCellForward& step) {
  if (present_precision() == Precision::bfloat16) return lstm_cell_forward_bf16(step);
#if MEDAL_X86
  if (best_simd_path() == SimdPath::avx512) return forward_avx512(step);
  if (best_simd_path() == SimdPath::avx2) return forward_avx2(step);
#endif
  forward(step);
}

void lstm_cell_backward(const LstmCellBackward& step) {
#if MEDAL_X86
  if (best_simd_path() == SimdPath::avx512) return backward_avx512(step);
  if (best_simd_path() == SimdPath::avx2) return backward_avx2(step);
#endif
  backward(step);
}

}  // namespace medal
