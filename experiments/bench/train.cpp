#include <ATen/ops/tensor.h>
#include <sys/resource.h>

#include <chrono>
#include <fstream>
#include <numeric>
#include <thread>

#include "agents/layers/math_threads.h"
#include "agents/training/trainer.h"
#include "experiments/bench/benchmarks.h"
#include "experiments/processes/child_process.h"
#include "experiments/processes/local_ranks.h"
#include "sim/base/atomic_file.h"
#include "sim/base/error.h"

namespace medal {
namespace {

using Clock = std::chrono::steady_clock;

constexpr int kWarmUpIterations = 3;

/// What one process, or one group of ranks, has written.
struct Measured {
  std::vector<double> rates;  ///< learner steps/s, one for each repeat
  double peak_bytes = 0;      ///< of rank 0
  nlohmann::json microseconds;
};

double peak_resident_bytes() {
  rusage usage{};
  ::getrusage(RUSAGE_SELF, &usage);
  return 1024.0 * static_cast<double>(usage.ru_maxrss);
}

/// Runs this program again in a process of its own, on `ranks` ranks, and reads what it measured.
Measured run_process(std::vector<std::string> arguments, int ranks, const std::filesystem::path& file) {
  arguments.insert(arguments.begin(), "/proc/self/exe");
  for (const std::string& more :
       {std::string("--measure"), file.string(), std::string("--ranks"), std::to_string(ranks)})
    arguments.push_back(more);
  const ChildResult result = run_child(arguments);
  if (result.exit_code != 0) throw std::runtime_error("a benchmark process failed: " + result.errors);
  std::ifstream stream(file);
  const auto json = nlohmann::json::parse(stream);
  return {json.at("rates").get<std::vector<double>>(), json.at("peak_bytes").get<double>(), json.at("microseconds")};
}

/// Two processes that know nothing of each other, at the same time.
std::array<Measured, 2> run_two(const std::vector<std::string>& arguments, const std::filesystem::path& folder) {
  std::array<Measured, 2> both;
  std::array<std::exception_ptr, 2> failed;
  std::array<std::thread, 2> threads;
  for (std::size_t i = 0; i < 2; ++i)
    threads[i] = std::thread([&, i] {
      try {
        both[i] = run_process(arguments, 1, folder / ("independent" + std::to_string(i) + ".json"));
      } catch (...) {
        failed[i] = std::current_exception();
      }
    });
  for (std::thread& thread : threads) thread.join();
  for (const std::exception_ptr& error : failed)
    if (error) std::rethrow_exception(error);
  return both;
}

nlohmann::ordered_json split_to_json(const PhaseSeconds& sum, double learner_steps) {
  const auto each = [learner_steps](double seconds) { return 1e6 * seconds / learner_steps; };
  return {{"policy", each(sum.policy)},
          {"learner", each(sum.learn)},
          {"physics", each(sum.stages.physics)},
          {"lidar", each(sum.stages.lidar)},
          {"observation", each(sum.stages.observation)},
          {"reward", each(sum.stages.reward)},
          {"bot", each(sum.stages.bot)},
          {"generation", each(sum.stages.generation)},
          {"other", each(sum.communicate + sum.other)}};
}

}  // namespace

void measure_training(const BenchSettings& settings, const std::filesystem::path& file) {
  use_one_math_thread();
  const auto communicator = make_communicator();
  Trainer trainer(settings.config, *communicator);
  for (int i = 0; i < kWarmUpIterations; ++i) trainer.iterate();
  const double steps_each = static_cast<double>(settings.config.run.learners) * settings.config.learner.unroll;
  // All ranks must agree on the number of iterations.
  const IterationResult probe = trainer.iterate();
  at::Tensor count =
      at::tensor({std::max<std::int64_t>(2, std::llround(settings.seconds * probe.steps_per_second / steps_each))});
  communicator->broadcast(count);

  std::vector<double> rates;
  PhaseSeconds phases;
  for (int repeat = 0; repeat < settings.repeats; ++repeat) {
    const Clock::time_point begin = Clock::now();
    for (std::int64_t i = 0; i < count.item<std::int64_t>(); ++i) {
      const IterationResult iteration = trainer.iterate();
      if (!iteration.finite) throw std::runtime_error("the loss was not finite");
      phases.add(iteration.phases);
    }
    const double seconds = std::chrono::duration<double>(Clock::now() - begin).count();
    rates.push_back(steps_each * static_cast<double>(count.item<std::int64_t>()) / seconds);
  }
  if (communicator->rank() != 0) return;
  const double own_steps =
      steps_each / communicator->size() * static_cast<double>(count.item<std::int64_t>() * settings.repeats);
  write_file_atomically(file, nlohmann::ordered_json{{"rates", rates},
                                                     {"peak_bytes", peak_resident_bytes()},
                                                     {"microseconds", split_to_json(phases, own_steps)}}
                                  .dump());
}

void bench_train(const BenchSettings& settings, const std::vector<std::string>& arguments, BenchReport& report) {
  check_trainable(settings.config, std::min(2, available_cores()));
  const std::filesystem::path folder =
      std::filesystem::temp_directory_path() / ("medal-bench-" + std::to_string(::getpid()));
  std::filesystem::create_directory(folder);
  const std::shared_ptr<void> clear(nullptr, [&folder](void*) { std::filesystem::remove_all(folder); });

  const Measured alone = run_process(arguments, 1, folder / "alone.json");
  report.add("train.learner_steps_per_second_per_core", "1/s", alone.rates);
  for (const auto& [name, value] : alone.microseconds.items())
    report.add("train.microseconds." + name, "us per learner step", {value.get<double>()});
  report.add("train.resident_memory", "MiB, " + std::to_string(settings.config.run.learners) + " learners",
             {alone.peak_bytes / (1 << 20)});
  if (available_cores() < 2) return;

  const std::array<Measured, 2> independent = run_two(arguments, folder);
  std::vector<double> sums, scaling;
  for (std::size_t i = 0; i < independent[0].rates.size(); ++i)
    sums.push_back(independent[0].rates[i] + independent[1].rates[i]);
  report.add("train.two_independent_processes", "1/s, their sum", sums);
  // The same batch split over two ranks, as `medal train` does; and a whole batch for each.
  const auto together = [&](const std::string& name, int learners) {
    std::vector<std::string> more = arguments;
    more.insert(more.end(), {"--set", "run.learners=" + std::to_string(learners)});
    const Measured ranks = run_process(more, 2, folder / "ranks.json");
    report.add("train.two_ranks" + name, "1/s", ranks.rates);
    std::vector<double> ratios;
    for (std::size_t i = 0; i < sums.size(); ++i) ratios.push_back(ranks.rates[i] / sums[i]);
    return ratios;
  };
  const std::vector<double> split_batch = together("", settings.config.run.learners);
  const std::vector<double> whole_batch = together(".whole_batch_each", 2 * settings.config.run.learners);
  report.add("train.two_rank_scaling", "of two independent processes", split_batch);
  report.add("train.two_rank_scaling.whole_batch_each", "of two independent processes", whole_batch);
}

}  // namespace medal
