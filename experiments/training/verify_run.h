#pragma once

#include <filesystem>
#include <string>

#include "agents/checkpoint/checkpoint.h"
#include "agents/ranks/communicator.h"
#include "experiments/config/config.h"
#include "experiments/runs/run_folder.h"

namespace medal {

/// A stretch of a run's training.
struct TrainingStretch {
  const Checkpoint* begin = nullptr;  ///< null: the run's start
  const Checkpoint& end;
  const RunFolder& run;  ///< its log, and whom it learnt from
};

/// Executes the stretch again, on as many ranks as led to its end, and says what comes out different first: a number of
/// the log, or a part of the checkpoint. Empty where all is the same to the last bit, and on all ranks but the first.
/// Throws UserError where it cannot be executed again.
std::string first_difference(const TrainingStretch& stretch, Communicator& communicator);

}  // namespace medal
