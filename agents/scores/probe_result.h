#pragma once

#include <array>
#include <string>
#include <vector>

#include "agents/recollection/recollection.h"
#include "agents/scores/evaluation_result.h"
#include "curriculum/presence/conditions.h"

namespace medal {

/// How an agent did on recorded demonstrations.
struct ProbeResult {
  struct Part {
    std::string name, title, expert_player;
    int steps = 0;
    EvaluationResult result;  ///< one "task" for each repetition; intervals over them
    /// What the learners of full, half and solo presence remembered at the end of the first repetition, newest first.
    std::array<std::vector<RememberedEvent>, kConditions> remembered = {};
  };
  int repeats = 0;
  std::vector<Part> parts;  ///< in the order of the demonstrations
  /// One "task" for each demonstration: its means over the repetitions. Intervals over demonstrations; over the
  /// repetitions where there is only one demonstration.
  EvaluationResult total;
};

/// The JSON of `medal eval --probe ... --json`: that of an evaluation, of the total, and "probe" with the parts.
std::string probe_to_json(const ProbeResult& result);

/// Several agents on the same demonstrations.
struct ProbedAgent {
  std::string name;
  ProbeResult result;
};
/// {"agents": [...]}: what probe_to_json says of each, and "agent", its name.
std::string probes_to_json(const std::vector<ProbedAgent>& agents);
/// Who learns most, and from whom most is learnt: indices of the agents by half / E over all demonstrations, and of the
/// demonstrations by its mean over the agents, the best ones first. `agents` is not empty.
struct ProbeRanking {
  std::vector<std::size_t> agents, demonstrations;
};
ProbeRanking rank_probes(const std::vector<ProbedAgent>& agents);
/// The mean over the agents of half / E on one demonstration.
double taught_share(const std::vector<ProbedAgent>& agents, std::size_t demonstration);

}  // namespace medal
