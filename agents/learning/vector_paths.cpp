#include "agents/learning/vector_paths.h"

namespace medal {

VectorPath best_vector_path() {
#if MEDAL_X86
  static const VectorPath best = [] {
    if (__builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512dq") && __builtin_cpu_supports("avx512bw") &&
        __builtin_cpu_supports("avx512vl"))
      return VectorPath::avx512;
    return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma") ? VectorPath::avx2 : VectorPath::portable;
  }();
  return best;
#else
  return VectorPath::portable;
#endif
}

}  // namespace medal
