#pragma once

#include <vector>

#include "sim/base/random.h"
#include "sim/generation/walk_grid.h"
#include "sim/task/footprint.h"
#include "sim/task/task.h"

namespace medal {

/// Terrain and obstacles of a task, and what they leave free.
struct Geometry {
  std::vector<Footprint> footprints;
  WalkGrid walkable;
};
Geometry survey(const Task& task);

/// One try to place what a task's seed draws on its geometry: goals, their order, spawns. False when it does not fit.
bool try_layout(Task& task, const Geometry& geometry, Random& random);

}  // namespace medal
