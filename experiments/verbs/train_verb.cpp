#include <CLI/CLI.hpp>
#include <algorithm>
#include <filesystem>
#include <memory>
#include <optional>

#include "agents/config/config_value.h"
#include "agents/evaluation/evaluation.h"
#include "agents/training/training_setup.h"
#include "experiments/config/config_file.h"
#include "experiments/config/config_layers.h"
#include "experiments/config/config_text.h"
#include "experiments/processes/command_text.h"
#include "experiments/processes/local_ranks.h"
#include "experiments/processes/memory_file.h"
#include "experiments/processes/tell.h"
#include "experiments/runs/exported_agent.h"
#include "experiments/runs/loaded_agent.h"
#include "experiments/runs/run_folder.h"
#include "experiments/training/training_run.h"
#include "experiments/verbs/number_option.h"
#include "experiments/verbs/verbs.h"
#include "sim/base/error.h"

namespace medal {
namespace {

/// A folder that was claimed for what never came into it is removed at the end of its scope.
class EmptyFolder {
 public:
  explicit EmptyFolder(std::filesystem::path path) : path_(std::move(path)) {}
  ~EmptyFolder() {
    std::error_code not_empty;
    std::filesystem::remove(path_, not_empty);
  }
  EmptyFolder(const EmptyFolder&) = delete;
  EmptyFolder& operator=(const EmptyFolder&) = delete;

 private:
  std::filesystem::path path_;
};

/// The command line as given; flags that were left out keep the config's values.
struct TrainOptions {
  std::string config;
  std::vector<std::string> overrides;
  std::optional<std::string> run;
  bool resume = false;
  std::optional<std::int64_t> steps;
  std::optional<double> minutes;
  std::optional<std::string> device;
  std::optional<std::string> from;
  int ranks = 0;  ///< 0: one for each core
};

/// Flags are short for overrides.
std::vector<std::string> all_overrides(const TrainOptions& options) {
  std::vector<std::string> overrides = options.overrides;
  const auto add = [&](const char* key, const auto& value) {
    if (value) overrides.push_back(std::string(key) + "=" + value_text(Field{}, *value));
  };
  add("run.steps", options.steps);
  add("run.minutes", options.minutes);
  add("run.device", options.device);
  add("run.initial_agent", options.from);
  return overrides;
}

bool sets(const std::vector<std::string>& overrides, const std::string& key) {
  return std::any_of(overrides.begin(), overrides.end(), [&](const std::string& assignment) {
    const ConfigLayer layer = override_layer(assignment);
    return static_cast<bool>(layer.table.at_path(key));
  });
}

/// Whether a launcher (torchrun, mpirun, srun, or `run_local_ranks`) has started this process as one rank.
bool is_one_rank() { return is_local_rank() || environment_rank_settings().size > 1; }

void check_resumable(const TrainOptions& options) {
  if (!options.config.empty())
    throw UserError("--config and --resume contradict each other: a resumed run keeps its own config.toml; change " +
                    std::string("single options with --set"));
  if (sets(all_overrides(options), "run.initial_agent"))
    throw UserError("--from and --resume contradict each other: a resumed run goes on from its own checkpoint; leave " +
                    std::string("out --resume and choose another --run name"));
}

/// The run that is meant, which must be there.
RunFolder folder_to_resume(const TrainOptions& options) {
  const std::string name = options.run ? *options.run : newest_run_name();
  std::filesystem::path exported = name;
  if (!ExportedAgent(exported).exists()) exported = shipped_agent_called(name);
  const bool is_path = name.find('/') != std::string::npos;
  if (ExportedAgent(exported).exists() && (is_path || !run_folder_of(name).exists()))
    throw UserError("'" + exported.string() + "' is an exported agent, with neither optimiser nor episodes to go on " +
                    "with; begin a new run from it: " + medal_command() + " train --from " +
                    shell_word(exported.string()));
  const RunFolder folder = run_folder_of(name);
  if (!folder.exists())
    throw UserError("there is no run '" + folder.path().string() + "' to resume; leave --resume out to start it");
  return folder;
}

/// What the schedules do where the run becomes longer or shorter.
void tell_schedule(const TrainingConfig& before, const TrainingConfig& now, const Checkpoint& checkpoint) {
  const auto steps = static_cast<double>(steps_of(checkpoint));
  const auto rate = [&](const TrainingConfig& config) {
    const double progress = std::min(1.0, steps / static_cast<double>(scheduled_steps(config.run)));
    return config.learner.learning_rate * (1 - progress * (1 - config.learner.final_learning_rate_share));
  };
  if (scheduled_steps(before.run) == scheduled_steps(now.run)) return;
  tell(stderr,
       "medal: the schedules now end at {} steps, not at {}: the learning rate goes from {:.2g} to {:.2g} at once; "
       "--set run.schedule_steps={} keeps them\n",
       scheduled_steps(now.run), scheduled_steps(before.run), rate(before), rate(now), scheduled_steps(before.run));
}

TrainingRequest resumed(const TrainOptions& options) {
  check_resumable(options);
  const RunFolder folder = folder_to_resume(options);
  const std::filesystem::path file = folder.config();
  const std::vector<std::string> overrides = all_overrides(options);
  Config config = load_config(&file, overrides);
  if (!sets(overrides, "run.minutes")) config.run.minutes = 0;  // were those of the last sitting
  if (!is_one_rank()) {
    const std::optional<Checkpoint> newest = folder.newest_checkpoint();
    if (!newest)
      throw UserError("run '" + folder.path().string() +
                      "' holds no checkpoint to go on from; start again under another --run name");
    tell_schedule(load_config(&file, {}), config, *newest);
  }
  return {config, folder, true};
}

/// Where a fresh run begins: in the folder that was named, else in one of the config's name.
RunFolder fresh_folder(const TrainOptions& options, const std::filesystem::path& config) {
  if (!options.run) {
    const std::string stem = config.stem().string();
    // Of ranks that a launcher started only the first one writes.
    if (environment_rank_settings().rank > 0) return run_folder_of(stem);
    return claim_run_folder(stem);
  }
  const RunFolder folder = run_folder_of(*options.run);
  if (folder.exists())
    throw UserError("run '" + folder.path().string() + "' exists already; add --resume to go on with it, or choose " +
                    "another --run name");
  return folder;
}

TrainingRequest fresh(const TrainOptions& options) {
  const std::filesystem::path file = options.config.empty() ? kDefaultPreset : options.config;
  Config config = load_config(&file, all_overrides(options));
  std::optional<Checkpoint> initial_agent;
  if (std::string& name = config.program.initial_agent; !name.empty()) {
    initial_agent = open_checkpoint(name);
    name = initial_agent->file().string();  // the very file is written down: the run that it is of may go on
    if (!is_text(name)) throw UserError("--from: a config cannot hold the path '" + name + "'; give it a UTF-8 name");
  }
  return {config, fresh_folder(options, file), false, std::move(initial_agent)};
}

/// One rank for each core, but no more than the worlds can be split over evenly.
int automatic_ranks(const Config& config) {
  if (config.run.device != "cpu") return 1;
  const int worlds = config.run.learners / config.environment.learners_per_world;
  int ranks = std::min(available_cores(), worlds);
  while (worlds % ranks != 0) --ranks;
  return ranks;
}

/// What can be read once only, such as <(a pipe).
bool is_stream(const std::string& file) {
  std::error_code ignored;
  return std::filesystem::exists(file, ignored) && !std::filesystem::is_regular_file(file, ignored);
}

int train_as_one_rank(const TrainOptions& options) {
  RankSettings settings = environment_rank_settings();
  if (!is_local_rank() && is_stream(options.config))
    throw UserError("--config " + options.config + ": only one of the ranks could read it; write it to a file first");
  const TrainingRequest request = options.resume ? resumed(options) : fresh(options);
  const EmptyFolder claimed(request.folder.path());
  settings.asked_to_stop = asked_to_stop;
  const auto communicator = make_communicator(settings);
  return run_training(request, *communicator);
}

/// The ranks read what this process has read.
int train_on_local_ranks(const TrainOptions& options, std::vector<std::string> arguments) {
  TrainingRequest request = options.resume ? resumed(options) : fresh(options);
  const EmptyFolder claimed(request.folder.path());
  const int ranks = options.ranks > 0 ? options.ranks : automatic_ranks(request.config);
  check_trainable(request.config, ranks);
  const TaskDistribution& held_out = request.config.evaluation_task;
  check_held_out_tasks(held_out, request.config.evaluation, expert_agents_for(held_out, request.config));
  if (!options.run) arguments.insert(arguments.end(), {"--run", request.folder.path().filename().string()});
  std::optional<MemoryFile> config;
  if (is_stream(options.config)) {
    config.emplace(config_to_toml(request.config));
    for (std::string& argument : arguments)
      if (argument == options.config || argument == "--config=" + options.config)
        argument.replace(argument.size() - options.config.size(), std::string::npos, config->path().string());
  }
  return run_local_ranks(ranks, arguments);
}

}  // namespace

void add_train(CLI::App& app, Program& program) {
  CLI::App* verb = app.add_subcommand("train", "Train an agent; ends with a table of its scores on held-out tasks");
  auto options = std::make_shared<TrainOptions>();
  verb->add_option("--config", options->config,
                   "Preset (" + CLI::detail::join(preset_names(), ", ") + ") or TOML file; default " + kDefaultPreset);
  verb->add_option("--set", options->overrides, "Override one option: section.key=value; may be repeated")
      ->allow_extra_args(false);
  verb->add_option("--run", options->run, "Name of the run's folder below runs/");
  verb->add_flag("--resume", options->resume, "Go on with --run, or with the newest run");
  add_number(*verb, "--steps", options->steps, {"", "", 1, 1e15, "Learner steps to train for, in total"});
  add_number(*verb, "--minutes", options->minutes,
             {"", "min", 0, 1e6, "Save and stop this sitting after this long; --resume goes on"});
  verb->add_option("--device", options->device, "cpu, cuda or cuda:N");
  verb->add_option("--from", options->from,
                   "Begin with the network of this agent: a run's folder or name, an exported agent's folder, or a " +
                       std::string(".medal checkpoint"));
  add_number(*verb, "--ranks", options->ranks,
             {"", "", 1, 1024, "Processes that train together; default one for each core"});
  verb->footer([] { return "Options of the config:\n" + options_help(); });
  verb->callback([options, &program] {
    program.exit_code = is_one_rank() ? train_as_one_rank(*options) : train_on_local_ranks(*options, program.arguments);
  });
}

}  // namespace medal
