#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "agents/evaluation/play_episodes.h"
#include "agents/recordings/replay.h"
#include "agents/scores/evaluation_result.h"
#include "curriculum/presence/conditions.h"

namespace medal {

/// Plays all episodes, of the three conditions each, to their ends; their lengths may differ. The policy's draws in an
/// episode follow from its entry in `seeds`, so that its scores are its own, whatever else is played. The recorder, if
/// any, writes the first one down. One result for each episode.
std::vector<TaskScores> play_three_conditions(const BatchPolicy& policy, Episodes& episodes,
                                              std::span<const std::uint64_t> seeds, int observation_size,
                                              ReplayRecorder* recorder = nullptr);

}  // namespace medal
