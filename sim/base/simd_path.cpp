#include "sim/base/simd_path.h"

#include <algorithm>
#include <cstdlib>
#include <string>

#include "sim/base/error.h"

namespace medal {

namespace {

SimdPath detect() {
#if defined(__x86_64__)
  if (__builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512dq") && __builtin_cpu_supports("avx512vl") &&
      __builtin_cpu_supports("avx512bw"))
    return SimdPath::avx512;
  if (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma")) return SimdPath::avx2;
#endif
  return SimdPath::portable;
}

SimdPath choose() {
  const SimdPath best = detect();
  const char* wish = std::getenv("MEDAL_SIMD");
  if (wish == nullptr) return best;
  for (SimdPath path : {SimdPath::portable, SimdPath::avx2, SimdPath::avx512})
    if (simd_path_name(path) == wish) return std::min(best, path);
  throw UserError("MEDAL_SIMD=" + std::string(wish) + " is unknown; set it to portable, avx2 or avx512");
}

bool detect_bf16() {
#if defined(__x86_64__)
  return std::getenv("MEDAL_SIMD") == nullptr && best_simd_path() == SimdPath::avx512 &&
         __builtin_cpu_supports("avx512bf16");
#else
  return false;
#endif
}

}  // namespace

std::string_view simd_path_name(SimdPath path) {
  switch (path) {
    case SimdPath::avx512:
      return "avx512";
    case SimdPath::avx2:
      return "avx2";
    default:
      return "portable";
  }
}

SimdPath best_simd_path() {
  static const SimdPath best = choose();
  return best;
}

bool has_bf16_products() {
  static const bool has = detect_bf16();
  return has;
}

}  // namespace medal
