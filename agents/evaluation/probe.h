#pragma once

#include <span>
#include <string>
#include <vector>

#include "agents/evaluation/evaluation.h"
#include "agents/scores/probe_result.h"

namespace medal {

/// A recorded game whose expert, a person say, is shown to agents.
struct Demonstration {
  std::string name;  ///< of the file, for messages and results
  Replay replay;
  double score = 0;  ///< the recorded expert's, at penalty 1
};

/// Lets that expert play a task, with one learner that stands still and sees it, and writes it down: a demonstration
/// without a person. Throws UserError where the task has no layout.
Replay record_demonstration(const TaskParameters& parameters, std::uint64_t seed, const ExpertFactory& expert);

/// Plays the recording and takes its expert's score. Throws UserError, naming the recording and the mend, where its
/// states part from the recorded ones, its expert scored less than options.minimum_expert_score, or it was not recorded
/// at `control_rate` (Hz), the agent's.
Demonstration check_demonstration(const std::string& name, Replay replay, float control_rate,
                                  const EvaluationOptions& options);

/// Shows an agent one demonstration `repeats` times: in the recorded task, for as long as the recording lasts, to three
/// learners from one spawn that see the expert always, until half-time and never. When the recorded learner saw it
/// plays no part. One TaskScores for each repetition.
std::vector<TaskScores> play_demonstration(const BatchPolicy& policy, const Demonstration& demonstration, int repeats,
                                           const LidarOptions& lidar);

/// Plays all demonstrations and scores them.
ProbeResult probe(const BatchPolicy& policy, std::span<const Demonstration> demonstrations, int repeats,
                  const EvaluationOptions& options, const LidarOptions& lidar);

}  // namespace medal
