#define MEDAL_LIDAR_WIDTH 8
#include "sim/lidar/lidar_kernel_body.h"

namespace medal {

void cast_rays_avx2(const LidarKernelData& data) { cast_all(data); }

}  // namespace medal
