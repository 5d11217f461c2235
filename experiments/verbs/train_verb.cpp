#include <CLI/CLI.hpp>
#include <algorithm>
#include <filesystem>
#include <memory>
#include <optional>

#include "agents/training/trainer.h"
#include "experiments/config/config_file.h"
#include "experiments/processes/local_ranks.h"
#include "experiments/runs/exported_agent.h"
#include "experiments/runs/run_folder.h"
#include "experiments/training/training_run.h"
#include "experiments/verbs/verbs.h"
#include "sim/base/error.h"

namespace medal {
namespace {

/// The command line as given; flags that were left out keep the config's values.
struct TrainOptions {
  std::string config;
  std::vector<std::string> overrides;
  std::string run;
  bool resume = false;
  std::optional<std::string> steps;  ///< text, so that 60e6 is taken too
  std::optional<std::string> minutes;
  std::optional<std::string> device;
  std::optional<std::string> from;
  int ranks = 0;  ///< 0: one for each core
};

/// Flags are short for overrides.
std::vector<std::string> all_overrides(const TrainOptions& options) {
  std::vector<std::string> overrides = options.overrides;
  if (options.steps) overrides.push_back("run.steps=" + *options.steps);
  if (options.minutes) overrides.push_back("run.minutes=" + *options.minutes);
  if (options.device) overrides.push_back("run.device=\"" + *options.device + "\"");
  if (options.from) overrides.push_back("run.initial_agent=\"" + *options.from + "\"");
  return overrides;
}

/// Whether a launcher (torchrun, mpirun, srun, or `run_local_ranks`) has started this process as one rank.
bool is_one_rank() { return is_local_rank() || environment_rank_settings().size > 1; }

void check_resumable(const TrainOptions& options) {
  if (!options.config.empty())
    throw UserError("--config and --resume contradict each other: a resumed run keeps its own config.toml; change " +
                    std::string("single options with --set"));
  for (const std::string& text : all_overrides(options))
    if (text.starts_with("run.initial_agent"))
      throw UserError(
          "--from and --resume contradict each other: a resumed run goes on from its own checkpoint; leave " +
          std::string("out --resume and choose another --run name"));
  if (options.run.empty()) return;
  for (const std::filesystem::path& path :
       {std::filesystem::path(options.run), kRunsFolder / std::filesystem::path(options.run)})
    if (ExportedAgent(path).exists())
      throw UserError("'" + path.string() + "' is an exported agent, with neither optimiser nor episodes to go on " +
                      "with; begin a new run from it: medal train --from " + path.string());
}

TrainingRequest resumed(const TrainOptions& options) {
  check_resumable(options);
  const RunFolder folder = run_folder_of(options.run.empty() ? newest_run_name() : options.run);
  if (!folder.exists())
    throw UserError("there is no run '" + folder.path().string() + "' to resume; leave --resume out to start it");
  if (!is_one_rank() && folder.newest_checkpoint().empty())
    throw UserError("run '" + folder.path().string() +
                    "' holds no checkpoint to go on from; start again under another " + "--run name");
  const std::filesystem::path file = folder.config();
  return {load_config(&file, all_overrides(options)), folder, true};
}

TrainingRequest fresh(const TrainOptions& options) {
  const std::filesystem::path file = options.config.empty() ? kDefaultPreset : options.config;
  Config config = load_config(&file, all_overrides(options));
  // The very file is written down: the run that it is of may go on.
  std::string& initial_agent = config.program.initial_agent;
  if (!initial_agent.empty()) initial_agent = find_checkpoint(initial_agent).string();
  const RunFolder folder = run_folder_of(options.run.empty() ? free_run_name(file.stem().string()) : options.run);
  if (folder.exists())
    throw UserError("run '" + folder.path().string() + "' exists already; add --resume to go on with it, or choose " +
                    "another --run name");
  return {config, folder, false};
}

/// One rank for each core, but no more than the worlds can be split over evenly.
int automatic_ranks(const Config& config) {
  if (config.run.device != "cpu") return 1;
  const int worlds = config.run.learners / config.environment.learners_per_world;
  int ranks = std::min(available_cores(), worlds);
  while (worlds % ranks != 0) --ranks;
  return ranks;
}

int train(const TrainOptions& options, std::vector<std::string> arguments) {
  TrainingRequest request = options.resume ? resumed(options) : fresh(options);
  if (is_one_rank()) {
    const auto communicator = make_communicator();
    return run_training(request, *communicator);
  }
  const int ranks = options.ranks > 0 ? options.ranks : automatic_ranks(request.config);
  check_trainable(request.config, ranks);
  if (options.run.empty()) {
    arguments.push_back("--run");
    arguments.push_back(request.folder.path().filename().string());
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
  verb->add_option("--steps", options->steps, "Learner steps to train for, in total");
  verb->add_option("--minutes", options->minutes, "Stop and save after this long");
  verb->add_option("--device", options->device, "cpu, cuda or cuda:N");
  verb->add_option("--from", options->from,
                   "Begin with the network of this agent: a run's folder or name, an exported agent's folder, or a " +
                       std::string(".medal checkpoint"));
  verb->add_option("--ranks", options->ranks, "Processes that train together; default one for each core")
      ->check(CLI::Range(1, 1024));
  verb->footer([] { return "Options of the config:\n" + options_help(); });
  verb->callback([options, &program] { program.exit_code = train(*options, program.arguments); });
}

}  // namespace medal
