#pragma once

#include <memory>
#include <torch/csrc/distributed/c10d/Store.hpp>

#include "agents/ranks/communicator.h"

namespace medal {

/// Ranks of one machine. They agree in the store whether they are that, and have room in shared memory; null where not.
std::unique_ptr<Communicator> make_shared_memory_communicator(c10d::Store& store, const RankSettings& settings);

}  // namespace medal
