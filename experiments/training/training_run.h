#pragma once

#include "agents/ranks/communicator.h"
#include "experiments/config/config.h"
#include "experiments/runs/run_folder.h"

namespace medal {

/// What `medal train` was asked for.
struct TrainingRequest {
  Config config;
  RunFolder folder;
  bool resume = false;
};

/// One rank's part of a training run, from the first step (or the newest checkpoint) to the end: iterations, metrics,
/// checkpoints, progress; at the last step a held-out evaluation, pictures and a replay. SIGINT and SIGTERM save and
/// stop. Returns the exit code: 0, or 1 where a loss was not finite.
int run_training(const TrainingRequest& request, Communicator& communicator);

}  // namespace medal
