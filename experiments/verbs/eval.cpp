#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <filesystem>
#include <memory>
#include <optional>

#include "agents/learning/evaluation.h"
#include "agents/learning/math_threads.h"
#include "experiments/loaded_agent.h"
#include "experiments/progress.h"
#include "experiments/verbs/verbs.h"
#include "sim/atomic_file.h"
#include "sim/error.h"

namespace medal {
namespace {

struct EvalOptions {
  std::string agent;
  std::vector<std::string> overrides;
  std::optional<int> tasks;
  std::optional<int> seed;
  std::string json;
};

/// The agent brings everything else with it; a key that would change nothing must not look as if it did.
void check_overrides(const std::vector<std::string>& overrides) {
  for (const std::string& text : overrides)
    if (!text.starts_with("evaluation."))
      throw UserError("--set " + text + ": eval takes keys of evaluation and evaluation.task only, such as " +
                      "evaluation.task.bumpiness=1; all else is the agent's");
}

/// Before the work, not after it.
void check_writable(const std::filesystem::path& file) {
  const std::filesystem::path folder = std::filesystem::absolute(file).parent_path();
  if (!std::filesystem::is_directory(folder))
    throw UserError("--json " + file.string() + ": there is no folder '" + folder.string() + "'; make it first");
}

void eval(const EvalOptions& options) {
  check_overrides(options.overrides);
  if (!options.json.empty()) check_writable(options.json);
  std::vector<std::string> overrides = options.overrides;
  if (options.tasks) overrides.push_back("evaluation.tasks=" + std::to_string(*options.tasks));
  if (options.seed) overrides.push_back("evaluation.seed=" + std::to_string(*options.seed));
  use_one_math_thread();
  const LoadedAgent agent = load_agent(options.agent, overrides);
  fmt::print("{} after {:.2f} M steps\n", agent.file.string(), static_cast<double>(agent.steps) / 1e6);
  std::fflush(stdout);
  const EvaluationOptions& evaluation = agent.config.evaluation;
  const EvaluationResult result = evaluate(network_policy(agent.network, evaluation.sample_actions, kPolicySeed),
                                           agent.config.evaluation_task, evaluation, agent.config.environment.lidar);
  fmt::print("{}", evaluation_table(result));
  if (!options.json.empty()) write_file_atomically(options.json, evaluation_to_json(result));
}

}  // namespace

void add_eval(CLI::App& app, Program&) {
  CLI::App* verb = app.add_subcommand("eval", "Score an agent on held-out tasks: CT with its interval, raw scores");
  auto options = std::make_shared<EvalOptions>();
  verb->add_option("agent", options->agent, "A run's folder or name, or a .medal checkpoint")->required();
  verb->add_option("--set", options->overrides,
                   "Override evaluation.KEY or evaluation.task.KNOB=value; may be repeated")
      ->allow_extra_args(false);
  verb->add_option("--tasks", options->tasks, "Number of held-out tasks");
  verb->add_option("--seed", options->seed, "Shifts the held-out tasks");
  verb->add_option("--json", options->json, "Also write the result to this file");
  verb->callback([options] { eval(*options); });
}

}  // namespace medal
