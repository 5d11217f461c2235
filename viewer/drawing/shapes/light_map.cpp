#include "viewer/drawing/shapes/light_map.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <numbers>

#include "sim/task/footprint.h"

namespace medal {
namespace {

constexpr int kDirections = 8;
constexpr std::array<float, 3> kDistances = {0.6F, 1.4F, 3.0F};  // m
constexpr float kContact = 0.9F;                                 // m from an obstacle over which the ground darkens

std::uint8_t to_byte(float share) {
  return static_cast<std::uint8_t>(std::lround(255.0F * std::clamp(share, 0.0F, 1.0F)));
}

/// Share of the sky that higher ground around leaves free.
float sky_over_ground(const Terrain& terrain, const Vec2& point) {
  const float here = terrain.height(point.x(), point.y());
  float blocked = 0;
  for (int d = 0; d < kDirections; ++d) {
    const float angle = 2.0F * std::numbers::pi_v<float> * static_cast<float>(d) / static_cast<float>(kDirections);
    float slope = 0;
    for (const float distance : kDistances)
      slope = std::max(
          slope,
          (terrain.height(point.x() + distance * std::cos(angle), point.y() + distance * std::sin(angle)) - here) /
              distance);
    blocked += slope / std::sqrt(1.0F + slope * slope);
  }
  return 1.0F - 1.6F * blocked / static_cast<float>(kDirections);
}

/// Darkness beside and below obstacles; bars overhead darken less.
float sky_beside_obstacles(const std::vector<Obstacle>& obstacles, const std::vector<Footprint>& footprints,
                           const Vec2& point) {
  float open = 1.0F;
  for (std::size_t k = 0; k < footprints.size(); ++k) {
    const float distance = footprints[k].distance(point);
    if (distance >= kContact) continue;
    const float near = 1.0F - distance / kContact;
    open *= 1.0F - (obstacles[k].kind == SolidKind::overhead_bar ? 0.30F : 0.55F) * near * near;
  }
  return open;
}

Vec3 glow_of_goals(const std::vector<Goal>& goals, const Vec2& point) {
  Vec3 glow = Vec3::Zero();
  for (const Goal& goal : goals) {
    const float distance = (goal.center.head<2>() - point).norm() / (2.1F * goal.radius);
    const float share = std::max(0.0F, 1.0F - distance * distance);
    glow += share * share * goal.colour;
  }
  return glow;
}

}  // namespace

LightMap make_light_map(const Task& task, int side) {
  const std::vector<Footprint> footprints(task.obstacles.begin(), task.obstacles.end());
  LightMap map{side, {}};
  map.texels.reserve(static_cast<std::size_t>(side * side * 4));
  const auto place = [&](int k) {
    return ((static_cast<float>(k) + 0.5F) / static_cast<float>(side) - 0.5F) * task.terrain.size();
  };
  for (int row = 0; row < side; ++row)
    for (int column = 0; column < side; ++column) {
      const Vec2 point(place(column), place(row));
      const Vec3 glow = glow_of_goals(task.goals, point);
      for (int c = 0; c < 3; ++c) map.texels.push_back(to_byte(glow[c]));
      map.texels.push_back(
          to_byte(sky_over_ground(task.terrain, point) * sky_beside_obstacles(task.obstacles, footprints, point)));
    }
  return map;
}

}  // namespace medal
