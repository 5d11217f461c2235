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

}  // namespace medal
