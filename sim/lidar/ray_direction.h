#pragma once

#include "sim/lidar/lidar.h"

namespace medal {

/// Unit vector of LIDAR ray `ray` (0 .. rays() - 1) of an avatar with heading `yaw`, in the world frame: ring by ring,
/// ray 0 of a ring forward, then counter-clockwise.
Vec3 ray_direction(const LidarOptions& options, int ray, float yaw);

}  // namespace medal
