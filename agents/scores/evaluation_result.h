#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "agents/scores/bootstrap.h"
#include "agents/scores/evaluation_options.h"

namespace medal {

/// Scores at penalty 1 of the three conditions, run side by side, and of the expert.
struct FourScores {
  double full = 0, half = 0, solo = 0, expert = 0;
};

/// One held-out task.
struct TaskScores : FourScores {
  std::uint64_t seed = 0;
  int goals = 0;
  std::vector<FourScores> timeline;  ///< what was scored up to each multiple of kTimelineSeconds, and at the end
};
inline constexpr int kTimelineSeconds = 10;

struct EvaluationResult {
  int rejected = 0;                       ///< tasks without a layout, or whose expert scored too little
  Interval ct, full, half, solo, expert;  ///< over tasks
  Interval full_share, half_share;        ///< full / E and half / E, of the means over tasks
  /// The tasks with one number of goals.
  struct Group {
    int goals = 0;
    std::size_t tasks = 0;
    Interval ct, full_share, half_share;
  };
  std::vector<Group> by_goals;  ///< rising
  std::vector<TaskScores> tasks;
};

/// CT (curriculum/presence/conditions.h) and shares of the expert's score, of the means over tasks, with bootstrap
/// intervals. A share is 0 where the expert scored 0 or less.
EvaluationResult summarise(std::vector<TaskScores> tasks, int rejected, const EvaluationOptions& options);

/// The stable JSON of `medal eval --json`.
std::string evaluation_to_json(const EvaluationResult& result);

}  // namespace medal
