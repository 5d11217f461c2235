#pragma once

#include <memory>
#include <torch/csrc/distributed/c10d/Store.hpp>

#include "agents/ranks/communicator.h"

namespace medal {

/// Whether this build can: LibTorch may come without Gloo.
bool has_gloo();

/// Ranks on any machines, by sockets. They meet in the store, and by the other connection to it they tell each other
/// that they are there. Throws std::exception if they do not.
std::unique_ptr<Communicator> make_gloo_communicator(c10::intrusive_ptr<c10d::Store> store,
                                                     c10::intrusive_ptr<c10d::Store> heartbeat_store,
                                                     const RankSettings& settings);

}  // namespace medal
