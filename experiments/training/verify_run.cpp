#include "experiments/training/verify_run.h"

#include <fmt/format.h>

#include <map>

#include "agents/layers/math_threads.h"
#include "agents/training/trainer.h"
#include "experiments/config/config_file.h"
#include "experiments/metrics/metrics_log.h"
#include "experiments/metrics/metrics_row.h"
#include "experiments/processes/memory_file.h"
#include "experiments/runs/loaded_agent.h"
#include "sim/base/version.h"

namespace medal {
namespace {

using nlohmann::json;

/// Rows of iterations by their steps, each flat: "/loss/policy" to its number.
std::map<std::int64_t, json> logged_rows(const std::filesystem::path& metrics) {
  std::map<std::int64_t, json> rows;
  for (const json& row : read_metrics(metrics))
    if (row.contains("iteration") && row.at("steps").is_number_integer())
      rows[row.at("steps").get<std::int64_t>()] = row.flatten();
  return rows;
}

bool is_of_the_clock(const std::string& key) {
  return key.starts_with("/time/") || key == "/elapsed_seconds" || key == "/steps_per_second";
}

/// The first number that the log has otherwise, or lacks.
std::string row_difference(const IterationResult& result, const std::map<std::int64_t, json>& rows) {
  const auto logged = rows.find(result.steps);
  if (logged == rows.end()) return fmt::format("metrics.jsonl has no row of {} steps", result.steps);
  const json own = json::parse(metrics_row(result).dump()).flatten();
  for (const auto& [key, value] : own.items()) {
    if (is_of_the_clock(key)) continue;
    const json other = logged->second.value(key, json());
    if (other != value)
      return fmt::format("{} in metrics.jsonl at {} steps is {}, not {}", key.substr(1), result.steps, other.dump(),
                         value.dump());
  }
  return "";
}

void begin(Trainer& trainer, const TrainingStretch& stretch, Communicator& communicator) {
  if (stretch.begin == nullptr) return;
  const auto why_not = trainer.resume(*stretch.begin);
  for (const std::string& reason : communicator.all_gather(why_not.value_or("")))
    if (!reason.empty())
      throw UserError("'" + stretch.begin->file().string() + "' cannot be taken up again: " + reason +
                      "; begin at another with --from");
}

}  // namespace

std::string first_difference(const TrainingStretch& stretch, Communicator& communicator) {
  use_one_math_thread();
  const Config config = config_from_toml(stretch.end.header().config_toml, "config in " + stretch.end.file().string());
  std::optional<Checkpoint> initial_agent;
  if (const std::string& file = config.program.initial_agent; stretch.begin == nullptr && !file.empty())
    initial_agent.emplace(file);
  Trainer trainer(config, communicator, initial_agent ? &*initial_agent : nullptr,
                  expert_agents_for(config.task, config, &stretch.run));
  begin(trainer, stretch, communicator);
  const std::int64_t end = steps_of(stretch.end);
  const std::map<std::int64_t, json> rows = logged_rows(stretch.run.metrics());
  std::string difference;
  while (trainer.steps() < end) {
    const IterationResult result = trainer.iterate();
    if (difference.empty()) difference = row_difference(result, rows);
  }
  const MemoryFile memory("");
  trainer.save(memory.path(), stretch.end.header().config_toml, program_version());
  if (communicator.rank() != 0) return "";
  if (!difference.empty()) return difference;
  if (trainer.steps() != end) return "the number of steps, which no iteration ends at";
  return Checkpoint(memory.path()).difference_from(stretch.end);
}

}  // namespace medal
