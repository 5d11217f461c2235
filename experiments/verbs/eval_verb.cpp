#include <CLI/CLI.hpp>
#include <algorithm>
#include <filesystem>
#include <memory>
#include <optional>
#include <span>

#include "agents/evaluation/evaluation.h"
#include "agents/evaluation/probe.h"
#include "agents/layers/math_threads.h"
#include "experiments/processes/tell.h"
#include "experiments/runs/loaded_agent.h"
#include "experiments/runs/run_folder.h"
#include "experiments/training/score_tables.h"
#include "experiments/verbs/number_option.h"
#include "experiments/verbs/override_check.h"
#include "experiments/verbs/verbs.h"
#include "sim/base/atomic_file.h"
#include "sim/base/error.h"

namespace medal {
namespace {

struct EvalOptions {
  std::vector<std::string> agents;
  std::vector<std::string> overrides;
  std::optional<int> tasks;
  std::optional<int> seed;
  std::vector<std::string> probes;
  int repeats = 16;
  std::string json;
};

constexpr int kMostRepeats = 256;  // all are played at once

/// The recordings that were named, and those in the folders that were.
std::vector<std::filesystem::path> probe_files(const std::vector<std::string>& names) {
  std::vector<std::filesystem::path> files;
  for (const std::string& name : names) {
    std::error_code ignored;
    if (!std::filesystem::is_directory(name, ignored)) {
      files.emplace_back(name);
      continue;
    }
    std::vector<std::filesystem::path> inside;
    for (const auto& entry : std::filesystem::directory_iterator(name))
      if (entry.path().extension() == kReplayExtension) inside.push_back(entry.path());
    if (inside.empty())
      throw UserError("--probe " + name + ": the folder holds no " + kReplayExtension +
                      " file; play and record a game first");
    std::sort(inside.begin(), inside.end());
    files.insert(files.end(), inside.begin(), inside.end());
  }
  return files;
}

void eval_held_out(const EvalOptions& options, const LoadedAgent& agent) {
  const EvaluationResult result = evaluate_agent(agent);
  tell("{}", evaluation_table(result));
  if (!options.json.empty()) write_file_atomically(options.json, evaluation_to_json(result));
}

/// The recordings, as this agent can be shown them. Throws UserError where it cannot.
std::vector<Demonstration> demonstrations_for(const EvalOptions& options, const LoadedAgent& agent) {
  std::vector<Demonstration> demonstrations;
  for (const std::filesystem::path& file : probe_files(options.probes))
    demonstrations.push_back(check_demonstration(
        file.string(), load_replay(file), agent.config.evaluation_task.base.control_rate, agent.config.evaluation));
  return demonstrations;
}

/// The seed draws the agent's actions here; the tasks are the recordings'.
ProbeResult probed(const EvalOptions& options, const LoadedAgent& agent,
                   std::span<const Demonstration> demonstrations) {
  const EvaluationOptions& evaluation = agent.config.evaluation;
  const std::uint64_t seed = kPolicySeed + static_cast<std::uint64_t>(evaluation.seed);
  return probe(agent_policy(agent.agent, evaluation.sample_actions, seed), demonstrations, options.repeats, evaluation,
               agent.config.environment.lidar);
}

LoadedAgent open(const EvalOptions& options, const std::string& name) {
  std::vector<std::string> overrides = options.overrides;
  if (options.tasks) overrides.push_back("evaluation.tasks=" + std::to_string(*options.tasks));
  if (options.seed) overrides.push_back("evaluation.seed=" + std::to_string(*options.seed));
  LoadedAgent agent = load_agent(open_checkpoint(name), overrides);
  tell("{} after {:.2f} M steps\n", agent.file.string(), static_cast<double>(agent.steps) / 1e6);
  std::fflush(stdout);
  return agent;
}

/// All agents and what they are shown are looked at before the first one plays.
void eval_ranking(const EvalOptions& options) {
  std::vector<LoadedAgent> opened;
  std::vector<std::vector<Demonstration>> shown;
  for (const std::string& name : options.agents) {
    opened.push_back(open(options, name));
    shown.push_back(demonstrations_for(options, opened.back()));
  }
  std::vector<ProbedAgent> agents;
  for (std::size_t i = 0; i < opened.size(); ++i)
    agents.push_back({options.agents[i], probed(options, opened[i], shown[i])});
  tell("{}", probe_ranking_table(agents));
  if (!options.json.empty()) write_file_atomically(options.json, probes_to_json(agents));
}

void eval(const EvalOptions& options) {
  // All else is the agent's.
  check_overrides(options.overrides, {"evaluation.", "environment.expert_agent="}, "evaluation.task.bumpiness=1");
  if (!options.json.empty()) check_output_file("--json", options.json, kJsonBegin);
  use_one_math_thread();
  if (options.agents.size() > 1) {
    if (options.probes.empty())
      throw UserError(
          "several agents are compared on recorded games: add --probe, or name one agent; medal card A B "
          "--compare measures them in full");
    return eval_ranking(options);
  }
  const LoadedAgent agent = open(options, options.agents.front());
  if (options.probes.empty()) return eval_held_out(options, agent);
  const ProbeResult result = probed(options, agent, demonstrations_for(options, agent));
  tell("{}", probe_table(result));
  if (!options.json.empty()) write_file_atomically(options.json, probe_to_json(result));
}

}  // namespace

void add_eval(CLI::App& app, Program&) {
  CLI::App* verb = app.add_subcommand("eval", "Score an agent on held-out tasks: CT with its interval, raw scores");
  auto options = std::make_shared<EvalOptions>();
  verb->add_option("agent", options->agents,
                   "A run's folder or name, an exported agent's folder, or a .medal checkpoint; several with --probe")
      ->required();
  verb->add_option("--set", options->overrides,
                   "Override evaluation.KEY or evaluation.task.KNOB=value; may be repeated")
      ->allow_extra_args(false);
  CLI::Option* tasks = add_number(*verb, "--tasks", options->tasks, {"", "", 1, 1e6, "Number of held-out tasks"});
  add_seed(*verb, options->seed, "Shifts the held-out tasks; with --probe, the draws of the actions");
  CLI::Option* probe = verb->add_option("--probe", options->probes,
                                        "In place of held-out tasks, show the agent the expert of this recorded game "
                                        "(a .replay file, or a folder of them); may be repeated")
                           ->allow_extra_args(false)
                           ->excludes(tasks);
  add_number(*verb, "--repeats", options->repeats,
             {"", "", 1, kMostRepeats, "How often each probe is played; default 16"})
      ->needs(probe);
  verb->add_option("--json", options->json, "Also write the result to this file");
  verb->callback([options] { eval(*options); });
}

}  // namespace medal
