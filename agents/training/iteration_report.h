#pragma once

#include <array>
#include <cstdint>
#include <vector>

#include "agents/learner/learner_options.h"
#include "curriculum/adr/policy.h"
#include "sim/episode/episode.h"

namespace medal {

/// Means over the training episodes that ended in an iteration, and their learners. Scores are at penalty 1, the reward
/// is at the task's own.
struct EpisodeStatistics {
  std::int64_t episodes = 0;
  double reward = 0, score = 0, expert_score = 0;
  double correct = 0, wrong = 0;
  std::array<std::int64_t, kPresenceNames.size()> learners_by_presence{};
  std::array<double, kPresenceNames.size()> score_by_presence{};
};

/// Wall-clock seconds of one iteration on this rank.
struct PhaseSeconds {
  double simulate = 0, policy = 0, learn = 0, communicate = 0, other = 0;
  StageSeconds stages;  ///< within simulate

  void add(const PhaseSeconds& part) {
    simulate += part.simulate;
    policy += part.policy;
    learn += part.learn;
    communicate += part.communicate;
    other += part.other;
    stages.add(part.stages);
  }
};

/// What one iteration reports; the same on every rank but for wall-clock times.
struct IterationReport {
  std::int64_t iteration = 0;
  std::int64_t steps = 0;       ///< learner steps so far, over all ranks
  double elapsed_seconds = 0;   ///< over all sittings
  double steps_per_second = 0;  ///< of this iteration, over all ranks
  LearnerStatistics learner;
  EpisodeStatistics episodes;
  PhaseSeconds phases;
  TaskParameters parameters;  ///< schedules applied; ranges stand at one draw
  std::vector<AdrRange> adr_ranges;
  NamedNumbers adr_numbers;  ///< what else the ADR policy reports
};

}  // namespace medal
