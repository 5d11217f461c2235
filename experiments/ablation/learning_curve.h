#pragma once

#include <cstdint>
#include <nlohmann/json.hpp>
#include <span>

namespace medal {

/// Mean score of the training episodes in some rows of metrics.jsonl, weighted by episodes.
struct TrainingScore {
  std::int64_t episodes = 0;
  double score = 0, expert = 0;
};
TrainingScore training_score(std::span<const nlohmann::json> rows);

/// How many points of a learning curve are kept.
inline constexpr std::size_t kMostCurvePoints = 200;

/// From the rows of a metrics.jsonl, columns of at most kMostCurvePoints numbers: steps, score, expert. Each point is a
/// mean over neighbouring rows.
nlohmann::ordered_json training_curve(std::span<const nlohmann::json> rows);
/// The held-out evaluations among the rows, thinned but for the last: steps, ct, full, half, solo, expert.
nlohmann::ordered_json evaluation_curve(std::span<const nlohmann::json> rows);

}  // namespace medal
