#include "sim/generation/generate_obstacles.h"

#include <algorithm>
#include <cmath>
#include <numbers>

#include "sim/task/avatar.h"
#include "sim/task/footprint.h"

namespace medal {

namespace {

constexpr int kTries = 60;           // places tried for each obstacle
constexpr float kBuried = 0.1F;      // m below the lowest ground
constexpr float kUprightTop = 2.5F;  // m above the highest ground: nobody climbs it
constexpr float kBarThickness = 0.3F;

struct GroundRange {
  float low, high;
};

/// Lowest and highest ground under a rectangle. The ground is piecewise flat over cells of about 1 m; samples every
/// 0.25 m miss a ridge by centimetres at most.
GroundRange ground_under(const Terrain& terrain, const Footprint& footprint) {
  GroundRange range{1e9F, -1e9F};
  const int along_x = 1 + static_cast<int>(std::ceil(footprint.half_extents.x() * 8));
  const int along_y = 1 + static_cast<int>(std::ceil(footprint.half_extents.y() * 8));
  for (int j = 0; j <= along_y; ++j)
    for (int i = 0; i <= along_x; ++i) {
      const float x = (2.0F * static_cast<float>(i) / static_cast<float>(along_x) - 1.0F) * footprint.half_extents.x();
      const float y = (2.0F * static_cast<float>(j) / static_cast<float>(along_y) - 1.0F) * footprint.half_extents.y();
      const Vec2 point = footprint.to_world({x, y});
      const float height = terrain.height(point.x(), point.y());
      range = {std::min(range.low, height), std::max(range.high, height)};
    }
  return range;
}

Vec2 draw_half_extents(SolidKind kind, Random& random) {
  if (kind == SolidKind::upright) {
    const float x = random.uniform(0.4F, 1.0F);
    return {x, random.uniform(0.4F, 1.0F)};
  }
  return {random.uniform(1.0F, 2.0F), 0.5F * kBarThickness};
}

/// Bottom and top in m.
GroundRange vertical_extent(SolidKind kind, const GroundRange& ground) {
  if (kind == SolidKind::upright) return {ground.low - kBuried, ground.high + kUprightTop};
  if (kind == SolidKind::low_bar) return {ground.low - kBuried, ground.high + kLowBarHeight};
  return {ground.high + kOverheadBarClearance, ground.high + kOverheadBarClearance + kBarThickness};
}

int draw_count(float density, float area, Random& random) {
  return static_cast<int>(density * area + random.uniform());
}

}  // namespace

std::vector<Obstacle> generate_obstacles(const GeometryParameters& parameters, const Terrain& terrain, Random& random) {
  std::vector<Obstacle> obstacles;
  std::vector<Footprint> footprints;
  const float half_size = terrain.half_size();
  const auto try_place = [&](SolidKind kind) {
    const Vec2 half_extents = draw_half_extents(kind, random);
    const float yaw = random.uniform(0, std::numbers::pi_v<float>);
    const float reach = half_size - kObstacleGap - half_extents.norm();
    const float x = random.uniform(-reach, reach);
    const Footprint footprint({x, random.uniform(-reach, reach)}, half_extents, yaw);
    if (reach <= 0 || std::any_of(footprints.begin(), footprints.end(),
                                  [&](const Footprint& other) { return footprint.distance(other) < kObstacleGap; }))
      return false;
    const auto [bottom, top] = vertical_extent(kind, ground_under(terrain, footprint));
    footprints.push_back(footprint);
    obstacles.push_back({kind, Vec3(footprint.center.x(), footprint.center.y(), 0.5F * (bottom + top)),
                         Vec3(half_extents.x(), half_extents.y(), 0.5F * (top - bottom)), yaw});
    return true;
  };
  const auto place = [&](SolidKind kind, float density) {
    const int count = draw_count(density, terrain.size() * terrain.size(), random);
    for (int i = 0; i < count; ++i)
      for (int attempt = 0; attempt < kTries && !try_place(kind); ++attempt) {
      }
  };
  place(SolidKind::upright, parameters.upright_density);
  place(SolidKind::low_bar, parameters.low_bar_density);
  place(SolidKind::overhead_bar, parameters.overhead_bar_density);
  return obstacles;
}

}  // namespace medal
