#include "agents/kernels/adam_step.h"

#include <cmath>

#include "agents/kernels/vectors.h"

namespace medal {
namespace {

struct Numbers {
  const AdamStep& step;
  std::int64_t count;
  const float* gradient;
  float *mean, *square, *value;
};

MEDAL_INLINE void run(const Numbers& n) {
  const AdamStep step = n.step;
  const float* gradient = n.gradient;
  float *mean = n.mean, *square = n.square, *value = n.value;
#pragma GCC ivdep
  for (std::int64_t k = 0; k < n.count; ++k) {
    const float g = gradient[k];
    const float m = step.mean_decay * mean[k] + step.mean_share * g;
    const float v = step.square_decay * square[k] + step.square_share * g * g;
    mean[k] = m;
    square[k] = v;
    value[k] -= step.step_size * m / (std::sqrt(v) / step.square_correction + step.epsilon);
  }
}

#if MEDAL_X86
MEDAL_TARGET_AVX512 void run_avx512(const Numbers& numbers) { run(numbers); }
MEDAL_TARGET_AVX2 void run_avx2(const Numbers& numbers) { run(numbers); }
#endif

}  // namespace

void adam_step(const AdamStep& step, std::int64_t count, const float* gradient, float* mean, float* square,
               float* value) {
  const Numbers numbers{step, count, gradient, mean, square, value};
#if MEDAL_X86
  if (best_simd_path() == SimdPath::avx512) return run_avx512(numbers);
  if (best_simd_path() == SimdPath::avx2) return run_avx2(numbers);
#endif
  run(numbers);
}

}  // namespace medal
