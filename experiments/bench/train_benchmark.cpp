#include <ATen/ops/tensor.h>
#include <sys/resource.h>

#include <chrono>
#include <fstream>
#include <numeric>
#include <thread>

#include "agents/layers/math_threads.h"
#include "agents/training/trainer.h"
#include "agents/training/training_setup.h"
#include "experiments/bench/benchmark.h"
#include "experiments/bench/report.h"
#include "experiments/processes/local_ranks.h"
#include "experiments/processes/scratch_folder.h"
#include "sim/base/atomic_file.h"
#include "sim/base/error.h"

namespace medal {
namespace {

using Clock = std::chrono::steady_clock;

constexpr int kWarmUpIterations = 3;
constexpr const char* kSeconds = "--seconds";

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

/// What `ranks` ranks in processes of their own measure.
Measured run_ranks(const BenchSettings& settings, const std::vector<std::string>& overrides, int ranks,
                   const std::filesystem::path& file) {
  run_part("train", settings, overrides, ranks, file);
  std::ifstream stream(file);
  const auto json = nlohmann::json::parse(stream);
  return {json.at("rates").get<std::vector<double>>(), json.at("peak_bytes").get<double>(), json.at("microseconds")};
}

/// Two processes that know nothing of each other, at the same time.
std::array<Measured, 2> run_two(const BenchSettings& settings, const std::filesystem::path& folder) {
  std::array<Measured, 2> both;
  std::array<std::exception_ptr, 2> failed;
  std::array<std::thread, 2> threads;
  for (std::size_t i = 0; i < 2; ++i)
    threads[i] = std::thread([&, i] {
      try {
        both[i] = run_ranks(settings, {}, 1, folder / ("independent" + std::to_string(i) + ".json"));
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

/// In % of the rollouts: all but learning and what is between.
double generation_share(const nlohmann::json& microseconds) {
  double rollout = 0;
  for (const char* part : {"policy", "physics", "lidar", "observation", "reward", "bot", "generation"})
    rollout += microseconds.at(part).get<double>();
  return 100 * microseconds.at("generation").get<double>() / rollout;
}

/// What each process does: trains for some seconds, and writes what was measured to `file`.
void measure_training(const BenchSettings& settings, const std::filesystem::path& file) {
  use_one_math_thread();
  const auto communicator = make_communicator();
  Trainer trainer(settings.config, *communicator);
  for (int i = 0; i < kWarmUpIterations; ++i) trainer.iterate();
  const double steps_each = static_cast<double>(settings.config.run.learners) * settings.config.learner.unroll;
  // All ranks must agree on the number of iterations.
  const IterationResult probe = trainer.iterate();
  at::Tensor count = at::tensor(
      {std::max<std::int64_t>(2, std::llround(settings.own.at(kSeconds) * probe.steps_per_second / steps_each))});
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

void bench_train(const BenchSettings& settings, BenchReport& report) {
  check_trainable(settings.config, std::min(2, available_cores()));
  const ScratchFolder scratch("bench");
  const Measured alone = run_ranks(settings, {}, 1, scratch.path() / "alone.json");
  const bool on_gpu = settings.config.run.device != "cpu";
  std::vector<double> per_core = alone.rates;
  for (double& rate : per_core) rate /= on_gpu ? available_cores() : 1;
  report.add("train.learner_steps_per_second_per_core", per_core);
  if (on_gpu) report.add("train.learner_steps_per_second", alone.rates);
  for (const auto& [name, value] : alone.microseconds.items())
    report.add("train.microseconds." + name, {value.get<double>()});
  report.add("train.generation_share", {generation_share(alone.microseconds)});
  report.add("train.resident_memory", {alone.peak_bytes / (1 << 20)});
  if (on_gpu || available_cores() < 2) return;

  const std::array<Measured, 2> independent = run_two(settings, scratch.path());
  std::vector<double> sums;
  for (std::size_t i = 0; i < independent[0].rates.size(); ++i)
    sums.push_back(independent[0].rates[i] + independent[1].rates[i]);
  report.add("train.two_independent_processes", sums);
  // The same batch split over two ranks, as `medal train` does; and a whole batch for each.
  const auto together = [&](const std::string& name, int learners) {
    const Measured ranks =
        run_ranks(settings, {"run.learners=" + std::to_string(learners)}, 2, scratch.path() / "ranks.json");
    report.add("train.two_ranks" + name, ranks.rates);
    std::vector<double> ratios;
    for (std::size_t i = 0; i < sums.size(); ++i) ratios.push_back(ranks.rates[i] / sums[i]);
    report.add("train.two_rank_scaling" + name, ratios);
  };
  together("", settings.config.run.learners);
  together(".whole_batch_each", 2 * settings.config.run.learners);
}

}  // namespace

Benchmark train_benchmark() {
  constexpr std::string_view kEach = "us per learner step", kTwo = "on two cores or more", kGpu = "on a GPU",
                             kOfTwo = "of two independent processes";
  return {.name = "train",
          .sentence = "Whole training iterations on the wall's clock: one process, two of them, two ranks together",
          .results = {{"train.learner_steps_per_second_per_core", "1/s"},
                      {"train.learner_steps_per_second", "1/s", kGpu},
                      {"train.microseconds.policy", kEach},
                      {"train.microseconds.learner", kEach},
                      {"train.microseconds.physics", kEach},
                      {"train.microseconds.lidar", kEach},
                      {"train.microseconds.observation", kEach},
                      {"train.microseconds.reward", kEach},
                      {"train.microseconds.bot", kEach},
                      {"train.microseconds.generation", kEach},
                      {"train.microseconds.other", kEach},
                      {"train.generation_share", "% of the rollouts"},
                      {"train.resident_memory", "MiB"},
                      {"train.two_independent_processes", "1/s, their sum", kTwo},
                      {"train.two_ranks", "1/s", kTwo},
                      {"train.two_ranks.whole_batch_each", "1/s", kTwo},
                      {"train.two_rank_scaling", kOfTwo, kTwo},
                      {"train.two_rank_scaling.whole_batch_each", kOfTwo, kTwo}},
          .run = bench_train,
          .options = {{kSeconds, "Length of each measurement", BenchOption::Number{4, 0.01, 3600}}},
          .one_thread = false,
          .part = measure_training};
}

}  // namespace medal
