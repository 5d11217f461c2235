#pragma once

#include <Eigen/Core>
#include <Eigen/Geometry>  // cross products
#include <cmath>

namespace medal {

/// SI units, Z up, right-handed, yaw about +Z (0 looks along +X).
using Vec2 = Eigen::Vector2f;
using Vec3 = Eigen::Vector3f;

/// A direction of the world as somebody with that yaw sees it: ahead, to the left, up.
inline Vec3 in_yaw_frame(const Vec3& v, float yaw) {
  const float cosine = std::cos(yaw), sine = std::sin(yaw);
  return {cosine * v.x() + sine * v.y(), cosine * v.y() - sine * v.x(), v.z()};
}

}  // namespace medal
