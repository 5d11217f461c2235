#pragma once

#include <string>

#include "agents/scores/evaluation_result.h"
#include "agents/scores/probe_result.h"

namespace medal {

/// The table of CT and raw scores at the end of a run.
std::string evaluation_table(const EvaluationResult& result);
/// The same for a probe.
std::string probe_table(const ProbeResult& result);

}  // namespace medal
