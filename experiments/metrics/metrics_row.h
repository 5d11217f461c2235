#pragma once

#include <nlohmann/json.hpp>

#include "agents/scores/evaluation_result.h"
#include "agents/training/iteration_result.h"

namespace medal {

/// One line of metrics.jsonl for an iteration: all that it reports, each number at the path that is its name.
nlohmann::ordered_json metrics_row(const IterationResult& result);
/// One line for a held-out evaluation after `steps` learner steps.
nlohmann::ordered_json evaluation_row(std::int64_t steps, const EvaluationResult& result);

}  // namespace medal
