#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <memory>
#include <optional>

#include "agents/learning/evaluation.h"
#include "agents/learning/math_threads.h"
#include "experiments/loaded_agent.h"
#include "experiments/progress.h"
#include "experiments/verbs/verbs.h"
#include "sim/atomic_file.h"

namespace medal {
namespace {

constexpr std::uint64_t kPolicySeed = 1;

struct EvalOptions {
  std::string agent;
  std::vector<std::string> overrides;
  std::optional<int> tasks;
  std::optional<int> seed;
  std::string json;
};

void eval(const EvalOptions& options) {
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
  verb->add_option("--set", options->overrides, "Override one option: section.key=value; may be repeated");
  verb->add_option("--tasks", options->tasks, "Number of held-out tasks");
  verb->add_option("--seed", options->seed, "Shifts the held-out tasks");
  verb->add_option("--json", options->json, "Also write the result to this file");
  verb->callback([options] { eval(*options); });
}

}  // namespace medal
