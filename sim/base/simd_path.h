#pragma once

#include <string_view>

namespace medal {

/// Instruction sets that the heavy loops are compiled for (LIDAR, the network's products); which one runs is chosen
/// when it runs. Results differ in the last bits.
enum class SimdPath { portable, avx2, avx512 };
std::string_view simd_path_name(SimdPath path);
/// Best path that this processor has; the environment variable MEDAL_SIMD (portable, avx2, avx512) lowers it. Throws
/// UserError on other values of it. Read once.
SimdPath best_simd_path();

/// Whether this processor multiplies pairs of bfloat16 (AVX-512 BF16). False where MEDAL_SIMD is set at all, so that
/// MEDAL_SIMD=avx512 computes as a processor without it. Read once.
bool has_bf16_products();

}  // namespace medal
