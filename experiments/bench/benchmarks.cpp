#include <algorithm>

#include "experiments/bench/benchmark.h"
#include "experiments/bench/report.h"
#include "experiments/processes/child_process.h"
#include "sim/base/error.h"

namespace medal {

// A benchmark is a file that defines Benchmark NAME_benchmark(), and a line here.
#define MEDAL_BENCHMARKS(BENCHMARK) \
  BENCHMARK(sim)                    \
  BENCHMARK(lidar)                  \
  BENCHMARK(policy)                 \
  BENCHMARK(learner)                \
  BENCHMARK(kernels)                \
  BENCHMARK(ranks)                  \
  BENCHMARK(train)

#define MEDAL_DECLARE(name) Benchmark name##_benchmark();
MEDAL_BENCHMARKS(MEDAL_DECLARE)

std::span<const Benchmark> benchmarks() {
#define MEDAL_MAKE(name) name##_benchmark(),
  static const std::vector<Benchmark> all = {MEDAL_BENCHMARKS(MEDAL_MAKE)};
  return all;
}

BenchReport measure(const Benchmark& benchmark, const BenchSettings& settings) {
  BenchReport report(benchmark.results, settings.config);
  benchmark.run(settings, report);
  for (const BenchResult& result : benchmark.results)
    MEDAL_CHECK(!result.when.empty() || report.has(result.name), std::string(result.name) + " is there");
  return report;
}

void run_part(std::string_view benchmark, const BenchSettings& settings, const std::vector<std::string>& overrides,
              int ranks, const std::filesystem::path& file) {
  std::vector<std::string> command = {"/proc/self/exe", "bench", std::string(benchmark)};
  command.insert(command.end(), settings.config_arguments.begin(), settings.config_arguments.end());
  for (const std::string& override : overrides) command.insert(command.end(), {"--set", override});
  command.insert(command.end(), {"--repeats", std::to_string(settings.repeats)});
  for (const auto& [option, value] : settings.own) command.push_back(std::string(option) + "=" + std::to_string(value));
  command.insert(command.end(), {"--part", file.string(), "--ranks", std::to_string(ranks)});
  const ChildResult result = run_child(command);
  if (result.exit_code != 0) throw std::runtime_error("a benchmark process failed: " + result.errors);
}

}  // namespace medal
