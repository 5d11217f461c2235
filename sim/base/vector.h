#pragma once

#include <Eigen/Core>
#include <Eigen/Geometry>  // cross products

namespace medal {

/// SI units, Z up, right-handed, yaw about +Z (0 looks along +X).
using Vec2 = Eigen::Vector2f;
using Vec3 = Eigen::Vector3f;

}  // namespace medal
