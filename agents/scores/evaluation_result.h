#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "agents/scores/bootstrap.h"
#include "agents/scores/evaluation_options.h"

namespace medal {

/// One held-out task: scores at penalty 1 of the three conditions, run side by side, and of the expert.
struct TaskScores {
  std::uint64_t seed = 0;
  double full = 0, half = 0, solo = 0, expert = 0;
};

struct EvaluationResult {
  int rejected = 0;                       ///< tasks without a layout, or whose expert scored too little
  Interval ct, full, half, solo, expert;  ///< over tasks
  std::vector<TaskScores> tasks;
};

/// CT (curriculum/presence/conditions.h) of the means over tasks, with bootstrap intervals.
EvaluationResult summarise(std::vector<TaskScores> tasks, int rejected, const EvaluationOptions& options);

/// The stable JSON of `medal eval --json` (see the design's command line).
std::string evaluation_to_json(const EvaluationResult& result);

}  // namespace medal
