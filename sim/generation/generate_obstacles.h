#pragma once

#include <vector>

#include "sim/base/random.h"
#include "sim/task/task.h"

namespace medal {

/// Least gap between two obstacles, and between an obstacle and a wall, in m: wide enough to walk through.
inline constexpr float kObstacleGap = 1.2F;

/// Uprights, low bars and overhead bars at the densities of `parameters`. Those that find no room are left out.
std::vector<Obstacle> generate_obstacles(const GeometryParameters& parameters, const Terrain& terrain, Random& random);

}  // namespace medal
