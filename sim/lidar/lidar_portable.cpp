#define MEDAL_LIDAR_WIDTH 4
#include "sim/lidar/lidar_kernel_body.h"

namespace medal {

void cast_rays_portable(const LidarKernelData& data) { cast_all(data); }

}  // namespace medal
