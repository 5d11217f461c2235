#pragma once

#include <optional>

#include "agents/ranks/communicator.h"
#include "experiments/config/config.h"
#include "experiments/runs/run_folder.h"

namespace medal {

/// What `medal train` was asked for.
struct TrainingRequest {
  Config config;
  RunFolder folder;
  bool resume = false;
  std::optional<Checkpoint> initial_agent = {};  ///< whose network a fresh run begins with; rank 0's counts
};

/// One rank's part of a training run, from the first step (or the newest checkpoint) to the end: iterations, metrics,
/// checkpoints, progress; at the last step a held-out evaluation, pictures and a replay. kStoppingSignals save and
/// stop. Where another rank is lost, or anything else goes wrong, what was learnt is saved without the episodes that
/// were going on, before the error is thrown on. Returns the exit code: 0, or 1 where a loss was not finite or a part
/// of what comes at the end could not be delivered.
int run_training(const TrainingRequest& request, Communicator& communicator);

/// Whether a signal has come since run_training began.
bool asked_to_stop();

}  // namespace medal
