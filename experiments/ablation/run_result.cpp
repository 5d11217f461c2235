#include "experiments/ablation/run_result.h"

#include <fmt/format.h>

#include <charconv>
#include <fstream>
#include <nlohmann/json.hpp>

#include "experiments/ablation/learning_curve.h"
#include "experiments/config/config_file.h"
#include "experiments/config/config_text.h"
#include "experiments/metrics/metrics_log.h"
#include "sim/base/error.h"
#include "sim/base/version.h"

namespace medal {
namespace {

namespace fs = std::filesystem;
using nlohmann::json;
using nlohmann::ordered_json;

json read_json(const fs::path& file) {
  std::ifstream stream(file, std::ios::binary);
  json result = json::parse(stream, nullptr, false);
  if (!result.is_object())
    throw UserError("'" + file.string() + "' is damaged; restore it, or remove it to run that part again");
  return result;
}

/// The evaluation after the last step: short ones come before it.
fs::path final_evaluation(const RunFolder& run, std::int64_t steps) {
  fs::path file = run.newest_evaluation();
  const std::string name = file.stem().string();
  std::int64_t evaluated = 0;
  std::from_chars(name.data(), name.data() + name.size(), evaluated);
  return evaluated >= steps ? file : fs::path();
}

/// One line for each member: a file that grows by a run is easy to compare.
std::string one_line_each(const ordered_json& object) {
  std::string text;
  for (const auto& [key, value] : object.items())
    text += (text.empty() ? "{\n  " : ",\n  ") + json(key).dump() + ": " + value.dump();
  return text + "\n}\n";
}

/// Every option, so that two configs compare; how long a sitting may last makes no other run.
std::string comparable(Config config) {
  config.run.minutes = 0;
  return config_to_toml(config);
}

ordered_json curves_of(const RunFolder& run) {
  const std::vector<json> rows = read_metrics(run.metrics());
  ordered_json curves = {{"trained_steps", 0}, {"training_seconds", 0}};
  for (const json& row : rows) {
    curves["trained_steps"] = row.at("steps");
    if (row.contains("elapsed_seconds")) curves["training_seconds"] = row.at("elapsed_seconds");
  }
  curves["training"] = training_curve(rows);
  curves["evaluations"] = evaluation_curve(rows);
  return curves;
}

/// Of an evaluation as `medal eval --json` writes it, what is kept.
ordered_json without_tasks(const json& scores) {
  ordered_json kept;
  for (const char* key : {"tasks", "rejected", "ct", "score"}) kept[key] = scores.at(key);
  return kept;
}

/// `judged`: the study's evaluation that the file is of; null for a run's own.
std::optional<RunResult> read_kept(const fs::path& file, const StudyArm& arm, int seed, const StudyEvaluation* judged) {
  std::error_code ignored;
  if (!fs::exists(file, ignored)) return {};
  const json kept = read_json(file);
  try {
    if (kept.at("config") != arm.config || kept.at("overrides") != arm.overrides || kept.at("steps") != arm.steps)
      throw UserError("'" + file.string() + "' is the result of another config, overrides or steps than arm '" +
                      arm.name + "' has now; remove it, or choose another --out");
    if (judged != nullptr && kept.at("judged") != judged->overrides)
      throw UserError("'" + file.string() + "' was judged on other tasks than evaluation '" + judged->name +
                      "' has now; remove it, or choose another --out");
    const json& evaluation = kept.at("evaluation");
    const auto mean = [&](const char* score) { return evaluation.at("score").at(score).at("mean").get<double>(); };
    return RunResult{
        seed, evaluation.at("ct").at("mean").get<double>(), mean("full"), mean("half"), mean("solo"), mean("expert")};
  } catch (const json::exception&) {
    throw UserError("'" + file.string() + "' is no result of a run; restore it, or remove it to run that part again");
  }
}

}  // namespace

fs::path result_file(const fs::path& out, const StudyArm& arm, int seed) {
  return out / fmt::format("{}-{}.json", arm.name, seed);
}

fs::path evaluation_result_file(const fs::path& out, const StudyEvaluation& evaluation, const StudyArm& arm, int seed) {
  return result_file(out / evaluation.name, arm, seed);
}

void check_run_is_of(const StudyArm& arm, int seed, const RunFolder& run) {
  const fs::path file = run.config();
  if (comparable(load_config(&file, {})) == comparable(load_config(&arm.config_file, run_overrides(arm, seed)))) return;
  throw UserError("run '" + run.path().string() + "' was made from another config than arm '" + arm.name +
                  "' has now; remove that folder, or give the study file another name");
}

std::optional<std::string> result_of_run(const Study& study, const StudyArm& arm, int seed, const RunFolder& run) {
  const fs::path evaluation = final_evaluation(run, arm.steps);
  if (evaluation.empty()) return {};
  check_run_is_of(arm, seed, run);
  ordered_json result = {{"study", study.name},
                         {"arm", arm.name},
                         {"title", arm.title},
                         {"group", study.groups[arm.group].name},
                         {"seed", seed},
                         {"config", arm.config},
                         {"overrides", arm.overrides},
                         {"steps", arm.steps},
                         {"version", program_version()},
                         {"evaluation", without_tasks(read_json(evaluation))}};
  result.update(curves_of(run));
  return one_line_each(result);
}

std::string result_of_evaluation(const StudyEvaluation& evaluation, const StudyArm& arm, int seed,
                                 const fs::path& file) {
  return one_line_each({{"arm", arm.name},
                        {"seed", seed},
                        {"config", arm.config},
                        {"overrides", arm.overrides},
                        {"steps", arm.steps},
                        {"judged", evaluation.overrides},
                        {"version", program_version()},
                        {"evaluation", without_tasks(read_json(file))}});
}

std::optional<RunResult> read_result(const fs::path& out, const StudyArm& arm, int seed) {
  return read_kept(result_file(out, arm, seed), arm, seed, nullptr);
}

std::optional<RunResult> read_evaluation_result(const fs::path& out, const StudyEvaluation& evaluation,
                                                const StudyArm& arm, int seed) {
  return read_kept(evaluation_result_file(out, evaluation, arm, seed), arm, seed, &evaluation);
}

}  // namespace medal
