#include <algorithm>
#include <cmath>
#include <limits>

#include "sim/lidar/lidar.h"

namespace medal {

namespace {

constexpr float kMiss = std::numeric_limits<float>::infinity();

/// Distance to a triangle, by Moeller and Trumbore (1997), in double precision.
double triangle(const Eigen::Vector3d& eye, const Eigen::Vector3d& direction, const Eigen::Vector3d& a,
                const Eigen::Vector3d& b, const Eigen::Vector3d& c) {
  constexpr double kEdge = 1e-9;
  const Eigen::Vector3d ab = b - a, ac = c - a, p = direction.cross(ac);
  const double determinant = ab.dot(p);
  if (std::abs(determinant) < 1e-14) return std::numeric_limits<double>::infinity();
  const Eigen::Vector3d offset = eye - a, q = offset.cross(ab);
  const double u = offset.dot(p) / determinant, v = direction.dot(q) / determinant;
  if (u < -kEdge || v < -kEdge || u + v > 1 + kEdge) return std::numeric_limits<double>::infinity();
  const double distance = ac.dot(q) / determinant;
  return distance >= 0 ? distance : std::numeric_limits<double>::infinity();
}

float terrain(const Terrain& ground, const Vec3& eye, const Vec3& direction) {
  if (eye.z() <= ground.height(eye.x(), eye.y())) return 0.0F;
  const Eigen::Vector3d origin = eye.cast<double>(), along = direction.cast<double>();
  const auto corner = [&](int i, int j) {
    return Eigen::Vector3d(static_cast<double>(i) * ground.cell_size - ground.half_size(),
                           static_cast<double>(j) * ground.cell_size - ground.half_size(), ground.corner(i, j));
  };
  double nearest = std::numeric_limits<double>::infinity();
  for (int j = 0; j < ground.cells; ++j)
    for (int i = 0; i < ground.cells; ++i) {
      nearest = std::min(nearest, triangle(origin, along, corner(i, j), corner(i + 1, j), corner(i, j + 1)));
      nearest = std::min(nearest, triangle(origin, along, corner(i + 1, j), corner(i + 1, j + 1), corner(i, j + 1)));
    }
  return static_cast<float>(nearest);
}

/// The walls are infinitely high and deep.
float walls(float half_size, const Vec3& eye, const Vec3& direction) {
  float nearest = kMiss;
  for (int axis = 0; axis < 2; ++axis) {
    if (direction[axis] == 0) continue;
    const float distance = (std::copysign(half_size, direction[axis]) - eye[axis]) / direction[axis];
    nearest = std::min(nearest, std::max(0.0F, distance));
  }
  return nearest;
}

float box(const Obstacle& obstacle, const Vec3& eye, const Vec3& direction) {
  const float cosine = std::cos(obstacle.yaw), sine = std::sin(obstacle.yaw);
  const auto to_box = [&](const Vec3& v) {
    return Vec3(cosine * v.x() + sine * v.y(), cosine * v.y() - sine * v.x(), v.z());
  };
  const Vec3 origin = to_box(eye - obstacle.center), along = to_box(direction);
  float enter = 0.0F, leave = kMiss;
  for (int axis = 0; axis < 3; ++axis) {
    const float half = obstacle.half_extents[axis];
    if (along[axis] == 0) {
      if (std::abs(origin[axis]) > half) return kMiss;
      continue;
    }
    const float middle = -origin[axis] / along[axis], reach = half / std::abs(along[axis]);
    enter = std::max(enter, middle - reach);
    leave = std::min(leave, middle + reach);
  }
  return enter <= leave ? enter : kMiss;
}

/// Entry into a sphere from outside; an eye inside sees none of it.
float sphere(const Vec3& center, float radius, const Vec3& eye, const Vec3& direction) {
  const Vec3 offset = eye - center;
  const float outside = offset.squaredNorm() - radius * radius;
  if (outside <= 0) return kMiss;
  const float half_b = offset.dot(direction), discriminant = half_b * half_b - outside;
  if (discriminant < 0 || half_b > 0) return kMiss;
  return -half_b - std::sqrt(discriminant);
}

float capsule(const LidarAvatar& avatar, const Vec3& eye, const Vec3& direction) {
  const float radius = kAvatar.radius;
  const Vec3 low = avatar.feet + Vec3(0, 0, radius), high = avatar.feet + Vec3(0, 0, avatar.height - radius);
  float nearest = std::min(sphere(low, radius, eye, direction), sphere(high, radius, eye, direction));
  const Vec2 offset = (eye - low).head<2>(), along = direction.head<2>();
  const float a = along.squaredNorm(), half_b = offset.dot(along), c = offset.squaredNorm() - radius * radius;
  const float discriminant = half_b * half_b - a * c;
  if (a > 0 && c > 0 && discriminant >= 0 && half_b < 0) {
    const float distance = (-half_b - std::sqrt(discriminant)) / a;
    const float z = eye.z() + distance * direction.z();
    if (z >= low.z() && z <= high.z()) nearest = std::min(nearest, distance);
  }
  return nearest;
}

}  // namespace

RayHit cast_ray_reference(const Task& task, const Vec3& eye, const Vec3& direction, float range,
                          std::span<const LidarAvatar> visible) {
  RayHit hit;
  float nearest = range;
  const auto take_solid = [&](float distance, SolidKind kind) {
    if (distance >= nearest) return;
    nearest = hit.solid_distance = distance;
    hit.solid = kind;
  };
  take_solid(terrain(task.terrain, eye, direction), SolidKind::terrain);
  take_solid(walls(task.terrain.half_size(), eye, direction), SolidKind::wall);
  for (const Obstacle& obstacle : task.obstacles) take_solid(box(obstacle, eye, direction), obstacle.kind);
  float nearest_goal = nearest, nearest_avatar = nearest;
  for (std::size_t g = 0; g < task.goals.size(); ++g) {
    const float distance = sphere(task.goals[g].center, task.goals[g].radius, eye, direction);
    if (distance >= nearest_goal) continue;
    nearest_goal = hit.goal_distance = distance;
    hit.goal = static_cast<int>(g);
  }
  for (const LidarAvatar& avatar : visible) {
    const float distance = capsule(avatar, eye, direction);
    if (distance < nearest_avatar) nearest_avatar = hit.avatar_distance = distance;
  }
  return hit;
}

}  // namespace medal
