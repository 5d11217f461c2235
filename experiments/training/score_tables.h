#pragma once

#include <string>
#include <vector>

#include "agents/scores/evaluation_result.h"
#include "agents/scores/probe_result.h"

namespace medal {

/// The table of CT and raw scores at the end of a run.
std::string evaluation_table(const EvaluationResult& result);
/// The same for a probe.
std::string probe_table(const ProbeResult& result);
/// Of several agents on the same demonstrations: the agents by what they learnt, and the demonstrations by what was
/// learnt from them.
std::string probe_ranking_table(const std::vector<ProbedAgent>& agents);

}  // namespace medal
