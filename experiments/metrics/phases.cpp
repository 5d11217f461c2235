#include "experiments/metrics/phases.h"

#include <fmt/format.h>

#include <fstream>
#include <string>

#include "sim/base/error.h"

namespace medal {
namespace {

/// `measure` of a point passes `threshold` here and at the next point too.
template <class Measure>
std::optional<std::int64_t> first_of_two(const std::vector<EvaluationPoint>& points, double threshold,
                                         Measure measure) {
  for (std::size_t i = 0; i + 1 < points.size(); ++i)
    if (measure(points[i]) >= threshold && measure(points[i + 1]) >= threshold) return points[i].steps;
  return {};
}

nlohmann::ordered_json or_null(const std::optional<std::int64_t>& steps) {
  return steps ? nlohmann::ordered_json(*steps) : nlohmann::ordered_json();
}

}  // namespace

std::vector<EvaluationPoint> evaluation_points(const std::filesystem::path& metrics) try {
  std::vector<EvaluationPoint> points;
  std::ifstream stream(metrics);
  for (std::string line; std::getline(stream, line);) {
    if (line.find("\"evaluation\"") == std::string::npos) continue;
    const auto row = nlohmann::json::parse(line, nullptr, false);
    if (row.is_discarded()) continue;
    const nlohmann::json& scores = row.at("evaluation");
    const auto mean = [&scores](const char* name) { return scores.at(name).at("mean").get<double>(); };
    const double expert = mean("expert");
    if (!(expert > 0)) continue;
    points.push_back(
        {row.at("steps").get<std::int64_t>(), mean("full") / expert, mean("half") / expert, mean("solo") / expert});
  }
  return points;
} catch (const nlohmann::json::exception&) {
  throw UserError("'" + metrics.string() + "' has an evaluation that is none; remove its line or restore the file");
}

double recall_share(const EvaluationPoint& point) { return 2 * point.half - point.full; }

TrainingPhases detect_phases(const std::vector<EvaluationPoint>& points) {
  TrainingPhases phases;
  phases.following = first_of_two(points, kFollowing, [](const auto& point) { return point.full - point.solo; });
  phases.recalling = first_of_two(points, kRecalling, recall_share);
  phases.experimenting = first_of_two(points, kExperimenting, [](const auto& point) { return point.solo; });
  return phases;
}

std::string phases_table(const TrainingPhases& phases) {
  const auto row = [](const char* name, const std::optional<std::int64_t>& steps) {
    return steps ? fmt::format("| {} | {:.2f} |\n", name, static_cast<double>(*steps) / 1e6)
                 : fmt::format("| {} | not reached |\n", name);
  };
  return "| phase | begins at, M learner steps |\n|---|---|\n| random | 0.00 |\n" + row("following", phases.following) +
         row("recalling", phases.recalling) + row("experimenting alone", phases.experimenting);
}

nlohmann::ordered_json phases_to_json(const std::vector<EvaluationPoint>& points) {
  const TrainingPhases phases = detect_phases(points);
  nlohmann::ordered_json list = nlohmann::ordered_json::array();
  for (const EvaluationPoint& point : points)
    list.push_back({{"steps", point.steps}, {"full", point.full}, {"half", point.half}, {"solo", point.solo}});
  return {{"rule", fmt::format("the first of two successive held-out evaluations with: following, full - solo >= {} E; "
                               "recalling, 2 half - full >= {} E; experimenting alone, solo >= {} E",
                               kFollowing, kRecalling, kExperimenting)},
          {"following", or_null(phases.following)},
          {"recalling", or_null(phases.recalling)},
          {"experimenting", or_null(phases.experimenting)},
          {"points", list}};
}

}  // namespace medal
