#pragma once

#include <filesystem>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "experiments/config/config.h"

namespace medal {

class BenchReport;

/// One figure that a benchmark gives.
struct BenchResult {
  std::string_view name;       ///< such as "sim.learner_steps_per_second"; scripts rely on it
  std::string_view unit;       ///< empty for a plain ratio
  std::string_view when = {};  ///< what it takes to be given; always where empty
};

/// An option that only one benchmark takes.
struct BenchOption {
  struct Number {
    double usual, low, high;
  };
  std::string_view name;  ///< such as "--seconds"
  std::string_view sentence;
  std::optional<Number> number = {};  ///< a switch where there is none
};

/// What a benchmark measures and how often.
struct BenchSettings {
  Config config;
  int repeats = 5;
  std::map<std::string_view, double> own = {};     ///< of the benchmark's own options, by name; a switch is 0 or 1
  std::vector<std::string> config_arguments = {};  ///< --config and --set as given, for processes of its own
};

/// One of those that `medal bench NAME` knows.
struct Benchmark {
  std::string_view name;
  std::string_view sentence;
  std::vector<BenchResult> results;
  void (*run)(const BenchSettings& settings, BenchReport& report);  ///< adds its figures

  std::vector<BenchOption> options = {};
  std::vector<std::string> defaults = {};  ///< "section.key=value" where no --config is given
  std::vector<std::string> fixed = {};     ///< the same, whatever the config says
  bool one_thread = true;                  ///< measures one thread of the processor, whatever the config says
  /// What the processes do that it starts, by run_part: measure a part and write it to the file. On all ranks.
  void (*part)(const BenchSettings& settings, const std::filesystem::path& file) = nullptr;
};

/// All of them, in the order of the help.
std::span<const Benchmark> benchmarks();

/// Runs one. Every figure that it names without a condition is there.
BenchReport measure(const Benchmark& benchmark, const BenchSettings& settings);

/// Runs this program again, on `ranks` ranks, to do the benchmark's part; returns when it has written the file.
void run_part(std::string_view benchmark, const BenchSettings& settings, const std::vector<std::string>& overrides,
              int ranks, const std::filesystem::path& file);

}  // namespace medal
