#include <ATen/ops/zeros.h>

#include <chrono>
#include <future>

#include "agents/ranks/communicator.h"
#include "agents/ranks/gloo_communicator.h"
#include "experiments/bench/benchmark.h"
#include "experiments/bench/report.h"
#include "experiments/processes/local_ranks.h"

namespace medal {
namespace {

/// What is summed: about a network's parameters, and what shows the latency alone.
struct Sum {
  std::string_view name;
  std::int64_t numbers;
  int times;
};
constexpr Sum kSums[] = {{"ranks.microseconds_per_sum", 1 << 18, 200}, {"ranks.microseconds_per_number", 1, 1000}};

/// Microseconds for each of kSums; what this rank sees.
std::vector<std::vector<double>> measure_sums(const RankSettings& settings, int repeats) {
  const auto communicator = make_communicator(settings);
  std::vector<std::vector<double>> samples;
  for (const Sum& sum : kSums) {
    at::Tensor numbers = at::zeros({sum.numbers});
    std::vector<double>& of_sum = samples.emplace_back();
    for (int repeat = -1; repeat < repeats; ++repeat) {  // the first only warms up
      communicator->barrier();
      const auto begin = std::chrono::steady_clock::now();
      for (int i = 0; i < sum.times; ++i) communicator->all_reduce_sum(numbers);
      const std::chrono::duration<double> time = std::chrono::steady_clock::now() - begin;
      if (repeat >= 0) of_sum.push_back(1e6 * time.count() / sum.times);
    }
  }
  return samples;
}

void add_sums(BenchReport& report, const std::string& how, const std::vector<std::vector<double>>& samples) {
  for (std::size_t i = 0; i < samples.size(); ++i) report.add(std::string(kSums[i].name) + how, samples[i]);
}

void bench_ranks(const BenchSettings& settings, BenchReport& report) {
  if (const RankSettings launched = environment_rank_settings(); launched.size > 1) {
    add_sums(report, ".launched", measure_sums(launched, settings.repeats));
    return;
  }
  for (const bool shared_memory : {true, false}) {
    if (!shared_memory && !has_gloo()) return;
    RankSettings first;
    first.size = 2;
    first.port = free_local_port();
    first.shared_memory = shared_memory;
    RankSettings second = first;
    second.rank = 1;
    auto other = std::async(std::launch::async, measure_sums, second, settings.repeats);
    add_sums(report, shared_memory ? "" : ".gloo", measure_sums(first, settings.repeats));
    other.get();
  }
}

}  // namespace

Benchmark ranks_benchmark() {
  constexpr std::string_view kAlone = "not among ranks of a launcher", kGloo = "the same, where LibTorch has Gloo",
                             kLaunched = "among ranks that a launcher has started";
  return {.name = "ranks",
          .sentence =
              "Ranks that add up a network's gradients, on the wall's clock: two of this machine, in shared "
              "memory and by Gloo, or those that torchrun, mpirun or srun have started",
          .results = {{"ranks.microseconds_per_sum", "us, 1 MiB", kAlone},
                      {"ranks.microseconds_per_number", "us, 4 bytes", kAlone},
                      {"ranks.microseconds_per_sum.gloo", "us, 1 MiB", kGloo},
                      {"ranks.microseconds_per_number.gloo", "us, 4 bytes", kGloo},
                      {"ranks.microseconds_per_sum.launched", "us, 1 MiB", kLaunched},
                      {"ranks.microseconds_per_number.launched", "us, 4 bytes", kLaunched}},
          .run = bench_ranks};
}

}  // namespace medal
