#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <array>
#include <optional>

#include "experiments/bench/benchmarks.h"
#include "experiments/config/config_file.h"
#include "experiments/processes/local_ranks.h"
#include "experiments/verbs/verbs.h"
#include "sim/base/atomic_file.h"
#include "sim/base/error.h"

namespace medal {
namespace {

struct BenchCommand {
  std::string what;
  std::string config;
  std::vector<std::string> overrides;
  int repeats = 5;
  double seconds = 4;
  bool without_plain = false;
  std::string json;
  std::string measure;  ///< a process started by `bench_train`: where to write what it measured
  int ranks = 1;
};

/// Without --config, everything at its default: the world of full difficulty; the learner on long unrolls.
BenchSettings settings_of(const BenchCommand& command) {
  std::vector<std::string> overrides = command.overrides;
  if (command.what == "learner" && command.config.empty()) overrides.insert(overrides.begin(), "learner.unroll=128");
  const std::filesystem::path file = command.config;
  BenchSettings settings{
      command.config.empty() ? config_from_toml("", "the defaults", overrides) : load_config(&file, overrides),
      command.repeats, command.seconds, !command.without_plain};
  if (command.what == "learner") settings.config.learner.epochs = 1;
  if (command.what == "train") return settings;
  // The parts are measured on one thread of the processor.
  settings.config.environment.threads = 1;
  if (settings.config.run.device != "cpu")
    throw UserError("bench " + command.what + " measures the processor, not '" + settings.config.run.device +
                    "'; use bench train --set run.device=" + settings.config.run.device);
  return settings;
}

/// What the processes that it starts are to be told.
std::vector<std::string> train_arguments(const BenchCommand& command) {
  std::vector<std::string> arguments = {
      "bench", "train", "--repeats", std::to_string(command.repeats), "--seconds", std::to_string(command.seconds)};
  if (!command.config.empty()) arguments.insert(arguments.end(), {"--config", command.config});
  for (const std::string& text : command.overrides) arguments.insert(arguments.end(), {"--set", text});
  return arguments;
}

int bench(const BenchCommand& command, const std::vector<std::string>& arguments) {
  const BenchSettings settings = settings_of(command);
  if (!command.measure.empty()) {
    if (command.ranks > 1 && !is_local_rank()) return run_local_ranks(command.ranks, arguments);
    measure_training(settings, command.measure);
    return 0;
  }
  if (!command.json.empty()) check_folder_exists("--json", command.json);
  BenchReport report{bench_config(settings.config), {}, bench_warnings(settings.config)};
  if (command.what == "sim") bench_sim(settings, report);
  if (command.what == "lidar") bench_lidar(settings, report);
  if (command.what == "policy") bench_policy(settings, report);
  if (command.what == "learner") bench_learner(settings, report);
  if (command.what == "train") bench_train(settings, train_arguments(command), report);
  fmt::print("{}", bench_table(report));
  if (!command.json.empty()) write_file_atomically(command.json, bench_to_json(report));
  return 0;
}

}  // namespace

void add_bench(CLI::App& app, Program& program) {
  CLI::App* verb = app.add_subcommand("bench", "Measure how fast the parts are on this machine");
  auto command = std::make_shared<BenchCommand>();
  verb->add_option("what", command->what, "sim, lidar, policy, learner or train")
      ->required()
      ->check(CLI::IsMember({"sim", "lidar", "policy", "learner", "train"}));
  verb->add_option("--config", command->config, "Preset or TOML file; default: the world of full difficulty");
  verb->add_option("--set", command->overrides, "Override one option: section.key=value; may be repeated")
      ->allow_extra_args(false);
  verb->add_option("--repeats", command->repeats, "Measurements of each figure; the median counts")
      ->check(CLI::Range(1, 1000));
  verb->add_option("--seconds", command->seconds, "Length of each measurement of training")
      ->check(CLI::Range(0.01, 3600.0));
  verb->add_flag("--without-plain", command->without_plain, "Leave the comparison with plain Bullet out of sim");
  verb->add_option("--json", command->json, "Also write the figures to this file");
  verb->add_option("--measure", command->measure)->group("");  // for processes that `bench train` starts
  verb->add_option("--ranks", command->ranks)->group("");
  verb->callback([command, &program] { program.exit_code = bench(*command, program.arguments); });
}

}  // namespace medal
