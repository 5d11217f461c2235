#pragma once

#include <vector>

#include "agents/navigation/navmesh.h"
#include "sim/task/task.h"

namespace medal {

/// A way across a bar, in either direction, that the walkable ground does not have.
struct NavmeshLink {
  Vec3 from = Vec3::Zero();  ///< m, on the ground, before the bar
  Vec3 to = Vec3::Zero();    ///< m, on the ground, behind it
  Passage passage = Passage::jump;
};

/// Half the length of a link (m): room for a run-up, and for landing.
inline constexpr float kLinkReach = 1.5F;

/// Ways over the low bars and under the overhead bars where the ground lets a body pass and both ends, and what lies
/// between and shortly behind them, are clear of goals, walls and other obstacles.
std::vector<NavmeshLink> find_links(const Task& task);

}  // namespace medal
