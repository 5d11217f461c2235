#pragma once

#include <cstdint>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <optional>
#include <vector>

#include "experiments/metrics/append_file.h"
#include "experiments/metrics/tensorboard.h"

namespace medal {

/// A run's metrics: one JSON object for each row in metrics.jsonl, and the same numbers as scalars in tensorboard/.
/// One per run folder (rank 0); not thread-safe.
class MetricsLog {
 public:
  /// `resume_steps` is where the checkpoint stands that the run goes on from: rows beyond it and a torn last line are
  /// dropped. -1 for a new run, whose metrics.jsonl must not exist yet. Throws UserError.
  MetricsLog(const std::filesystem::path& run_folder, std::int64_t resume_steps);

  /// Writes a whole row at once, or nothing and throws UserError. `row` needs "steps"; a nested number has the tag
  /// "a/b", a pair of numbers the tags "a/low" and "a/high". Other arrays and texts are in metrics.jsonl alone.
  void write(const nlohmann::ordered_json& row);

 private:
  std::optional<AppendFile> rows_;
  std::optional<EventWriter> events_;
};

/// The rows of a metrics.jsonl, without a torn last line. Throws UserError where the file cannot be read or another
/// line is no JSON object.
std::vector<nlohmann::json> read_metrics(const std::filesystem::path& file);
/// The last dozens of them, at little cost; none where there is no such file yet.
std::vector<nlohmann::json> read_recent_metrics(const std::filesystem::path& file);

}  // namespace medal
