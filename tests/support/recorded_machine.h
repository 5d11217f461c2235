#pragma once

#include <gnu/libc-version.h>

#include <string>

#include "agents/layers/math_threads.h"
#include "experiments/bench/records/processor_family.h"
#include "sim/base/simd_path.h"

namespace medal {

/// All that the last bits of what networks do depend on besides the seeds: LIDAR and kernels differ by vector path and
/// compiler, products of the library by processor and by the kernels that it chose. What was recorded on one machine
/// is compared on its like alone.
inline std::string recorded_machine() {
  return processor_family() + "; " + std::string(simd_path_name(best_simd_path())) + "; " + blas_name() + "; " +
         __VERSION__ + "; glibc " + ::gnu_get_libc_version();
}

}  // namespace medal
