#pragma once

#include <cstdint>
#include <memory>

#include "agents/navigation/navmesh_cache.h"
#include "sim/episode/player.h"

namespace medal {

/// Makes the player that task.parameters.expert names (null for `absent`), with its speed and noise:
/// - perfect: knows the order, always heads for the nearest goal that pays, keeps out of all others on the way.
/// - noisy: as perfect, but after a correct entry it heads for a wrong goal next with chance expert_noise, and after a
///   wrong one again with chance one half (mistakes come in runs).
/// - anti_expert: always heads for the nearest goal that does not pay.
/// - random_walker: wanders between random points of the ground, through goals too.
/// Thread-safe; deterministic in (task, seed), whatever the cache holds.
std::unique_ptr<Player> make_expert(const Task& task, std::uint64_t seed, NavmeshCache& cache);

}  // namespace medal
