#pragma once

#include <cstdint>
#include <memory>

#include "agents/navigation/navmesh_cache.h"
#include "sim/episode/player.h"

namespace medal {

/// Makes the player that task.parameters.expert names (null for `absent`), with its speed and noise. Each kind is a
/// file of this room, which defines medal::experts::NAME for the NAME in MEDAL_EXPERTS (sim/task/task_parameters.h).
/// `agents` makes those of kind `agent`; throws UserError where a task wants one and it is null. Thread-safe;
/// deterministic in (task, seed), whatever the cache holds.
std::unique_ptr<Player> make_expert(const Task& task, std::uint64_t seed, NavmeshCache& cache,
                                    const ExpertFactory& agents = nullptr);

}  // namespace medal
