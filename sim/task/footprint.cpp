#include "sim/task/footprint.h"

#include <algorithm>
#include <cmath>

namespace medal {

namespace {

/// Whether an axis of `a` separates the two (separating axis theorem).
bool own_axis_separates(const Footprint& a, const Footprint& b) {
  const Vec2 offset = a.to_local(b.center);
  const float cosine = std::abs(a.cosine * b.cosine + a.sine * b.sine);
  const float sine = std::abs(a.cosine * b.sine - a.sine * b.cosine);
  const float reach_x = b.half_extents.x() * cosine + b.half_extents.y() * sine;
  const float reach_y = b.half_extents.x() * sine + b.half_extents.y() * cosine;
  return std::abs(offset.x()) > a.half_extents.x() + reach_x || std::abs(offset.y()) > a.half_extents.y() + reach_y;
}

}  // namespace

Footprint::Footprint(const Vec2& center, const Vec2& half_extents, float yaw)
    : center(center), half_extents(half_extents), cosine(std::cos(yaw)), sine(std::sin(yaw)) {}

Footprint::Footprint(const Obstacle& obstacle)
    : Footprint(obstacle.center.head<2>(), obstacle.half_extents.head<2>(), obstacle.yaw) {}

Vec2 Footprint::to_world(const Vec2& local) const {
  return {center.x() + cosine * local.x() - sine * local.y(), center.y() + sine * local.x() + cosine * local.y()};
}

Vec2 Footprint::to_local(const Vec2& world) const {
  const Vec2 d = world - center;
  return {cosine * d.x() + sine * d.y(), cosine * d.y() - sine * d.x()};
}

std::array<Vec2, 4> Footprint::corners() const {
  const float x = half_extents.x(), y = half_extents.y();
  return {to_world({x, y}), to_world({-x, y}), to_world({-x, -y}), to_world({x, -y})};
}

float Footprint::distance(const Vec2& point) const {
  const Vec2 local = to_local(point);
  const float x = std::max(std::abs(local.x()) - half_extents.x(), 0.0F);
  const float y = std::max(std::abs(local.y()) - half_extents.y(), 0.0F);
  return std::sqrt(x * x + y * y);
}

float Footprint::distance(const Footprint& other) const {
  if (!own_axis_separates(*this, other) && !own_axis_separates(other, *this)) return 0.0F;
  // Disjoint convex polygons are nearest at a corner of one of them.
  float least = distance(other.center);
  for (const Vec2& corner : other.corners()) least = std::min(least, distance(corner));
  for (const Vec2& corner : corners()) least = std::min(least, other.distance(corner));
  return least;
}

}  // namespace medal
