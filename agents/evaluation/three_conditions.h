#pragma once

#include <memory>
#include <vector>

#include "agents/evaluation/batch_policy.h"
#include "agents/recordings/replay.h"
#include "agents/scores/evaluation_result.h"
#include "curriculum/presence/conditions.h"

namespace medal {

using Episodes = std::vector<std::unique_ptr<Episode>>;

/// Plays all episodes, of the three conditions each, to their ends; their lengths may differ. The recorder, if any,
/// writes the first one down. One result for each episode.
std::vector<TaskScores> play_three_conditions(const BatchPolicy& policy, Episodes& episodes, int observation_size,
                                              ReplayRecorder* recorder = nullptr);

}  // namespace medal
