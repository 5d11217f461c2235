#include "experiments/ablation/learning_curve.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <vector>

namespace medal {
namespace {

using nlohmann::json;
using nlohmann::ordered_json;

/// Digits beyond these say nothing and fill files.
double rounded(double value) { return std::round(value * 1e4) / 1e4; }

}  // namespace

TrainingScore training_score(std::span<const json> rows) {
  TrainingScore sum;
  for (const json& row : rows) {
    if (!row.contains("score")) continue;  // no episode has ended
    const auto episodes = row.at("episodes").get<std::int64_t>();
    const auto weight = static_cast<double>(episodes);
    sum.episodes += episodes;
    sum.score += weight * row.at("score").at("all").get<double>();
    sum.expert += weight * row.at("score").at("expert").get<double>();
  }
  const auto total = static_cast<double>(std::max<std::int64_t>(1, sum.episodes));
  return {sum.episodes, sum.score / total, sum.expert / total};
}

ordered_json training_curve(std::span<const json> rows) {
  std::vector<json> training;
  std::copy_if(rows.begin(), rows.end(), std::back_inserter(training),
               [](const json& row) { return row.contains("iteration"); });
  ordered_json curve = {{"steps", json::array()}, {"score", json::array()}, {"expert", json::array()}};
  const std::size_t points = std::min(kMostCurvePoints, training.size());
  for (std::size_t point = 0; point < points; ++point) {
    const std::size_t begin = point * training.size() / points, end = (point + 1) * training.size() / points;
    const TrainingScore mean = training_score(std::span(training).subspan(begin, end - begin));
    if (mean.episodes == 0) continue;
    curve["steps"].push_back(training[end - 1].at("steps").get<std::int64_t>());
    curve["score"].push_back(rounded(mean.score));
    curve["expert"].push_back(rounded(mean.expert));
  }
  return curve;
}

ordered_json evaluation_curve(std::span<const json> rows) {
  std::vector<json> evaluations;
  std::copy_if(rows.begin(), rows.end(), std::back_inserter(evaluations),
               [](const json& row) { return row.contains("evaluation"); });
  constexpr std::array kScores = {"ct", "full", "half", "solo", "expert"};
  ordered_json curve = {{"steps", json::array()}};
  for (const char* score : kScores) curve[score] = json::array();
  const std::size_t points = std::min(kMostCurvePoints, evaluations.size());
  for (std::size_t point = 0; point < points; ++point) {
    const json& row = evaluations[(point + 1) * evaluations.size() / points - 1];
    curve["steps"].push_back(row.at("steps").get<std::int64_t>());
    for (const char* score : kScores)
      curve[score].push_back(rounded(row.at("evaluation").at(score).at("mean").get<double>()));
  }
  return curve;
}

}  // namespace medal
