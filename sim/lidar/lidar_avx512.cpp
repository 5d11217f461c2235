#define MEDAL_LIDAR_WIDTH 16
#include "sim/lidar/lidar_kernel_body.h"

namespace medal {

void cast_rays_avx512(const LidarKernelData& data) { cast_all(data); }

}  // namespace medal
