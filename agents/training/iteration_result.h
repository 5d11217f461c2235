#pragma once

#include <cstdint>
#include <vector>

#include "curriculum/adr/policy.h"
#include "sim/base/named_numbers.h"
#include "sim/episode/episode.h"

namespace medal {

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

  /// Under their names in metrics.jsonl.
  NamedNumbers named() const {
    return {{"time/simulate", simulate},
            {"time/policy", policy},
            {"time/learn", learn},
            {"time/communicate", communicate},
            {"time/other", other},
            {"time/bot", stages.bot},
            {"time/physics", stages.physics},
            {"time/reward", stages.reward},
            {"time/lidar", stages.lidar},
            {"time/observation", stages.observation},
            {"time/generation", stages.generation}};
  }
};

/// What one iteration came to; the same on every rank but for wall-clock times.
struct IterationResult {
  std::int64_t iteration = 0;
  std::int64_t steps = 0;       ///< learner steps so far, over all ranks
  double elapsed_seconds = 0;   ///< over all sittings
  double steps_per_second = 0;  ///< of this iteration, over all ranks
  bool finite = true;           ///< false: a loss or gradient was not, and training cannot go on
  std::int64_t episodes = 0;    ///< training episodes that ended
  NamedMeans episode_means;     ///< over them or their learners: "reward", "score/all"
  NamedNumbers numbers;         ///< all other metrics: "loss/policy", "learning_rate", "penalty"
  PhaseSeconds phases;
  std::vector<AdrRange> adr_ranges;
};

}  // namespace medal
