#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <cstdlib>
#include <optional>

#include "agents/ranks/rank_settings.h"
#include "experiments/bench/benchmark.h"
#include "experiments/bench/comparison.h"
#include "experiments/bench/records/record.h"
#include "experiments/bench/report.h"
#include "experiments/config/config_file.h"
#include "experiments/processes/local_ranks.h"
#include "experiments/processes/tell.h"
#include "experiments/verbs/number_option.h"
#include "experiments/verbs/verbs.h"
#include "sim/base/atomic_file.h"
#include "sim/base/error.h"

namespace medal {
namespace {

struct BenchCommand {
  const Benchmark* benchmark = nullptr;
  std::string config;
  std::vector<std::string> overrides;
  std::map<std::string_view, double> own;
  int repeats = 5;
  std::string json;
  bool record = false;
  std::string compare;  ///< another build's program
  std::string part;     ///< in a process that the benchmark started: where to write what it measured
  int ranks = 1;
};

BenchSettings settings_of(const BenchCommand& command) {
  const Benchmark& benchmark = *command.benchmark;
  std::vector<std::string> overrides = command.overrides;
  if (command.config.empty()) overrides.insert(overrides.begin(), benchmark.defaults.begin(), benchmark.defaults.end());
  overrides.insert(overrides.end(), benchmark.fixed.begin(), benchmark.fixed.end());
  const std::filesystem::path file = command.config;
  BenchSettings settings{
      command.config.empty() ? config_from_toml("", "the defaults", overrides) : load_config(&file, overrides),
      command.repeats, command.own};
  if (!command.config.empty()) settings.config_arguments = {"--config", command.config};
  for (const std::string& text : command.overrides)
    settings.config_arguments.insert(settings.config_arguments.end(), {"--set", text});
  if (!benchmark.one_thread) return settings;
  settings.config.environment.threads = 1;
  if (const std::string& device = settings.config.run.device; device != "cpu")
    throw UserError("bench " + std::string(benchmark.name) + " measures the processor, not '" + device +
                    "'; use bench train --set run.device=" + device);
  return settings;
}

/// Rows of one file must compare: all at the defaults, or all of one preset.
Record record_of(const BenchCommand& command) {
  const std::vector<std::string> presets = preset_names();
  if (!command.overrides.empty() ||
      (!command.config.empty() && std::find(presets.begin(), presets.end(), command.config) == presets.end()))
    throw UserError("--record takes the defaults or a preset, so that its rows compare; leave out --set and files");
  const char* root = std::getenv("MEDAL_ROOT");  // set by the wrapper ./medal
  std::string suite(command.benchmark->name);
  if (!command.config.empty()) suite += "_" + command.config;
  return find_record(root == nullptr ? "" : root, suite);
}

/// What the other program shall measure too: the arguments as given, without those of this verb alone.
std::vector<std::string> benchmark_arguments(const BenchCommand& command, const BenchSettings& settings) {
  std::vector<std::string> arguments = {std::string(command.benchmark->name)};
  arguments.insert(arguments.end(), settings.config_arguments.begin(), settings.config_arguments.end());
  for (const auto& [option, value] : command.own) arguments.push_back(fmt::format("{}={}", option, value));
  return arguments;
}

/// 1 where something is slower beyond noise.
int compare(const BenchCommand& command, const BenchSettings& settings) {
  if (command.record) throw UserError("--compare and --record contradict each other; leave one out");
  if (command.repeats < 2) throw UserError("--compare takes two rounds at least, to tell noise; raise --repeats");
  const std::vector<FigureChange> changes =
      changes_of(measure_in_turn(command.compare, benchmark_arguments(command, settings), command.repeats));
  tell("{}", changes_to_text(changes));
  if (!command.json.empty()) write_file_atomically(command.json, changes_to_json(changes));
  return std::any_of(changes.begin(), changes.end(),
                     [](const FigureChange& change) { return change.verdict == FigureChange::Verdict::slower; });
}

int bench(const BenchCommand& command, const std::vector<std::string>& arguments) {
  const BenchSettings settings = settings_of(command);
  if (!command.part.empty()) {
    if (command.ranks > 1 && !is_local_rank()) return run_local_ranks(command.ranks, arguments);
    command.benchmark->part(settings, command.part);
    return 0;
  }
  if (!command.json.empty()) check_output_file("--json", command.json, kJsonBegin);
  if (!command.compare.empty()) return compare(command, settings);
  std::optional<Record> record;
  if (command.record) record = record_of(command);
  const BenchReport report = measure(*command.benchmark, settings);
  if (environment_rank_settings().rank > 0) return 0;  // the first one tells
  tell("{}", report.to_text());
  if (!command.json.empty()) write_file_atomically(command.json, report.to_json());
  if (record) {
    write_record(*record, report.to_row());
    tell("recorded in {} as {}\n", record->file.string(), record->commit);
  }
  return 0;
}

/// For --help.
std::string results_text(const Benchmark& benchmark) {
  std::string text = "Gives:\n";
  for (const BenchResult& result : benchmark.results) {
    text += fmt::format("  {:<50} {}", result.name, result.unit);
    if (!result.when.empty()) text += fmt::format("{}{}", result.unit.empty() ? "" : "; ", result.when);
    text += "\n";
  }
  return text;
}

std::string names_of_benchmarks() {
  std::string names;
  for (const Benchmark& benchmark : benchmarks()) names += (names.empty() ? "" : ", ") + std::string(benchmark.name);
  return names;
}

/// CLI11 would only say that an argument was not expected.
void check_name(const std::vector<std::string>& arguments) {
  if (arguments.size() < 2) throw UserError("bench needs the name of a benchmark: " + names_of_benchmarks());
  const std::string& given = arguments[1];
  const auto all = benchmarks();
  if (given.starts_with("-") || std::any_of(all.begin(), all.end(), [&](const auto& b) { return b.name == given; }))
    return;
  throw UserError("there is no benchmark '" + given + "'; there are " + names_of_benchmarks());
}

void add_benchmark(CLI::App& verb, const Benchmark& benchmark, Program& program) {
  CLI::App* app = verb.add_subcommand(std::string(benchmark.name), std::string(benchmark.sentence));
  auto command = std::make_shared<BenchCommand>();
  command->benchmark = &benchmark;
  app->footer(results_text(benchmark));
  app->add_option("--config", command->config, "Preset or TOML file; default: the world of full difficulty");
  app->add_option("--set", command->overrides, "Override one option: section.key=value; may be repeated")
      ->allow_extra_args(false);
  add_number(*app, "--repeats", command->repeats,
             {"", "", 1, 1000, "Measurements of each figure; the median counts; default 5"});
  for (const BenchOption& option : benchmark.options) {
    double& value = command->own[option.name];
    const std::string name(option.name), sentence(option.sentence);
    if (option.number) {
      value = option.number->usual;
      add_number(*app, name, value, {"", "", option.number->low, option.number->high, option.sentence});
    } else {
      app->add_flag_function(
          name, [&value](std::int64_t count) { value = count > 0 ? 1 : 0; }, sentence);
    }
  }
  app->add_option("--json", command->json, "Also write the figures to this file");
  app->add_flag("--record", command->record,
                "Also add the medians to experiments/results/bench as this commit's row; by ./medal only");
  app->add_option("--compare", command->compare,
                  "Another build's program, such as ../before/medal: measure both in turn, --repeats rounds, and tell "
                  "what became slower beyond noise (then exits with 1)");
  if (benchmark.part != nullptr) {
    app->add_option("--part", command->part)->group("");
    app->add_option("--ranks", command->ranks)->group("");
  }
  app->callback([command, &program] { program.exit_code = bench(*command, program.arguments); });
}

}  // namespace

void add_bench(CLI::App& app, Program& program) {
  CLI::App* verb = app.add_subcommand("bench", "Measure how fast the parts are on this machine");
  verb->require_subcommand(1);
  verb->preparse_callback([&program](std::size_t) { check_name(program.arguments); });
  for (const Benchmark& benchmark : benchmarks()) add_benchmark(*verb, benchmark, program);
}

}  // namespace medal
