#pragma once

#include <nlohmann/json.hpp>

#include "agents/scores/evaluation_result.h"
#include "agents/training/iteration_report.h"

namespace medal {

/// One line of metrics.jsonl for an iteration.
nlohmann::ordered_json metrics_row(const IterationReport& report);
/// One line for a held-out evaluation after `steps` learner steps.
nlohmann::ordered_json evaluation_row(std::int64_t steps, const EvaluationResult& result);

}  // namespace medal
