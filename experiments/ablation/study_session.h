#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "experiments/ablation/study.h"

namespace medal {

/// What `medal ablate` was asked for.
struct StudyRequest {
  Study study;
  std::filesystem::path out;      ///< where results are kept
  int parallel = 1;               ///< runs at a time
  double minutes = 0;             ///< for all, 0 for no limit
  std::vector<std::string> only;  ///< names of arms; all where empty
};

/// Trains each arm with each seed that has no kept result, each by a `medal train` of its own, seed by seed, and keeps
/// the results. Saved runs are gone on with. SIGINT, SIGTERM and the end of the minutes make all save and stop.
/// Prints what happens. Returns the number of runs that failed. Throws UserError before any starts where a kept result
/// or a run below runs/ belongs to another config.
int train_study(const StudyRequest& request);

}  // namespace medal
