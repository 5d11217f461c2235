#pragma once

#include <vector>

#include "agents/layers/tensor.h"
#include "sim/episode/batched_environment.h"

namespace medal {

/// One rank's live state: memory of its learners and the episodes to re-simulate.
struct RankState {
  at::Tensor memory;  ///< [N, S]
  at::Tensor starts;  ///< [N]
  std::vector<WorldRecord> worlds;
};

}  // namespace medal
