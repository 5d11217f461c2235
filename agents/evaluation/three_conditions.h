#pragma once

#include <memory>
#include <vector>

#include "agents/evaluation/batch_policy.h"
#include "agents/recordings/replay.h"
#include "agents/scores/evaluation_result.h"

namespace medal {

/// The conditions of the transmission metric: learners 0, 1, 2 see the expert always (full), until half-time (half),
/// never (solo), side by side in one world, from one spawn.
inline constexpr int kConditions = 3;

/// Gives the spec these three learners. spec.steps must be set.
void add_three_conditions(EpisodeSpec& spec);

using Episodes = std::vector<std::unique_ptr<Episode>>;

/// Plays all episodes, of three conditions each, to their ends; their lengths may differ. The recorder, if any, writes
/// the first one down.
void play_three_conditions(const BatchPolicy& policy, Episodes& episodes, int observation_size,
                           ReplayRecorder* recorder = nullptr);

/// Scores at penalty 1.
TaskScores three_scores(const Episode& episode);

}  // namespace medal
