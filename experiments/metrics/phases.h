#pragma once

#include <cstdint>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <vector>

namespace medal {

/// A held-out evaluation in the course of training: scores as shares of the expert's.
struct EvaluationPoint {
  std::int64_t steps = 0;
  double full = 0, half = 0, solo = 0;
};

/// The evaluations in a run's metrics.jsonl, in its order. Lines that are not whole are passed over.
std::vector<EvaluationPoint> evaluation_points(const std::filesystem::path& metrics);

/// Learner steps at which each phase after the first, random one begins; empty where it does not.
struct TrainingPhases {
  std::optional<std::int64_t> following, recalling, experimenting;
};

// A phase begins with the first of two successive evaluations that both pass its threshold.
inline constexpr double kFollowing = 0.3;      ///< of full - solo: the expert's presence pays
inline constexpr double kRecalling = 0.3;      ///< of recall_share
inline constexpr double kExperimenting = 0.1;  ///< of solo: paid without ever seeing an expert

/// What half scores after the expert has left, were its first part as good as full's: 2 half - full, as a share of what
/// the expert earns in that time.
double recall_share(const EvaluationPoint& point);

TrainingPhases detect_phases(const std::vector<EvaluationPoint>& points);

/// {"rule": ..., "following": steps or null, "recalling": ..., "experimenting": ..., "points": [...]}
nlohmann::ordered_json phases_to_json(const std::vector<EvaluationPoint>& points);

/// A Markdown table of when they begin.
std::string phases_table(const TrainingPhases& phases);

}  // namespace medal
