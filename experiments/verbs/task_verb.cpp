#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <filesystem>
#include <memory>

#include "agents/evaluation/probe.h"
#include "agents/experts/experts.h"
#include "agents/experts/hesitant.h"
#include "experiments/config/config_file.h"
#include "experiments/plots/task_map.h"
#include "experiments/processes/tell.h"
#include "experiments/verbs/number_option.h"
#include "experiments/verbs/override_check.h"
#include "experiments/verbs/verbs.h"
#include "sim/base/atomic_file.h"
#include "sim/base/error.h"
#include "sim/base/version.h"
#include "sim/generation/generate_task.h"
#include "sim/task/task.h"

namespace medal {
namespace {

constexpr int kMapColumns = 72;

struct TaskOptions {
  std::string config;
  std::vector<std::string> overrides;
  std::uint64_t seed = 1;
  std::string out;
  bool hesitant = false;
};

/// A task of the config's held-out distribution.
Task make_task(const TaskOptions& options) {
  check_overrides(options.overrides, {"task.", "evaluation.task."}, "task.goals=4");
  const std::filesystem::path file = options.config.empty() ? kDefaultPreset : options.config;
  const Config config = load_config(&file, options.overrides);
  Random random(options.seed);
  return generate_task(sample_task_parameters(config.evaluation_task, 0, random), options.seed);
}

void show(const TaskOptions& options) {
  const Task task = make_task(options);
  tell("{}", task_map(task, kMapColumns));
  std::string order;
  for (int goal : task.order) order += fmt::format("{}{}", order.empty() ? "" : " -> ", goal);
  tell("{:g} m, {} goals in the order {} (drawn as 1, 2, ...), {} crossing{}, {} obstacles, {} layouts rejected\n",
       static_cast<double>(task.terrain.size()), task.goals.size(), order, task.crossings,
       task.crossings == 1 ? "" : "s", task.obstacles.size(), task.rejected_layouts);
  tell("E expert, L learner, # upright, - low bar, = overhead bar, . and : higher ground\n");
}

void export_task(const TaskOptions& options) {
  if (!options.out.empty()) check_output_file("--out", options.out, kJsonBegin);
  const std::string text = task_to_json(make_task(options)) + "\n";
  if (options.out.empty())
    tell("{}", text);
  else
    write_file_atomically(options.out, text);
}

/// Its expert shows it to somebody who stands still.
void record_task(const TaskOptions& options) {
  check_output_file("--out", options.out, kReplayBegin);
  const Task drawn = make_task(options);
  const TaskParameters& parameters = drawn.parameters;
  NavmeshCache navmeshes(1);
  Replay replay = record_demonstration(parameters, options.seed, [&](const Task& task, std::uint64_t seed) {
    std::unique_ptr<Player> expert = make_expert(task, seed, navmeshes);
    if (!expert) throw UserError("task.expert absent shows nothing; name another kind");
    return options.hesitant ? hesitant(std::move(expert), seed) : std::move(expert);
  });
  replay.program_version = program_version();
  replay.expert_player = fmt::format("{}{}", options.hesitant ? "hesitant " : "", name_of(parameters.expert));
  replay.title = fmt::format("{}, {} goals, {} crossings", replay.expert_player, drawn.goals.size(), drawn.crossings);
  save_replay(options.out, replay);
  tell("{}  {}\n", options.out, replay.title);
}

}  // namespace

void add_task(CLI::App& app, Program&) {
  CLI::App* verb = app.add_subcommand("task", "Look at one generated task");
  verb->require_subcommand(1);
  auto options = std::make_shared<TaskOptions>();
  const auto add = [&](const char* name, const char* help) {
    CLI::App* action = verb->add_subcommand(name, help);
    action->add_option("--config", options->config, "Preset or TOML file; its held-out tasks are drawn from");
    action->add_option("--set", options->overrides, "Override one option: section.key=value; may be repeated")
        ->allow_extra_args(false);
    add_seed(*action, options->seed, "Which task");
    return action;
  };
  add("show", "Draw it as text")->callback([options] { show(*options); });
  CLI::App* exporter = add("export", "Write it as JSON");
  exporter->add_option("--out", options->out, "File; standard output if left out");
  exporter->callback([options] { export_task(*options); });
  CLI::App* recorder = add("record", "Let its expert play it, for medal eval --probe");
  recorder->add_option("--out", options->out, "File to write, .replay")->required();
  recorder->add_flag("--hesitant", options->hesitant, "With pauses and swerves, as of a person's hand");
  recorder->callback([options] { record_task(*options); });
}

}  // namespace medal
