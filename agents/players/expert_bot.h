#pragma once

#include <cstdint>
#include <memory>

#include "sim/player.h"

namespace medal {

/// Makes the player that task.parameters.expert names (null for `absent`), with its speed and noise:
/// - perfect: knows the order, plans on the navmesh with the other goals as obstacles, uses jump and crouch links.
/// - noisy: with chance expert_noise after each correct entry it heads for a wrong goal next (mistakes in runs:
/// correlated).
/// - anti_expert: always heads for a goal that does not pay.
/// - random_walker: wanders between random navmesh points.
/// Thread-safe; deterministic in (task, seed). Navmeshes of equal geometry are shared through a small cache.
std::unique_ptr<Player> make_expert(const Task& task, std::uint64_t seed);

/// Counters of the navmesh cache since the program started.
struct NavmeshStatistics {
  std::int64_t builds = 0;
  std::int64_t hits = 0;
  double build_seconds = 0;
};
NavmeshStatistics navmesh_statistics();

}  // namespace medal
