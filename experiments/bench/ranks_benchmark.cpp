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

constexpr std::int64_t kNumbers = 1 << 18;  // about a network's parameters
constexpr int kSums = 200;

/// Microseconds for each sum; what the first rank sees.
std::vector<double> measure_sums(const RankSettings& settings, int repeats) {
  const auto communicator = make_communicator(settings);
  at::Tensor numbers = at::zeros({kNumbers});
  std::vector<double> samples;
  for (int repeat = -1; repeat < repeats; ++repeat) {  // the first only warms up
    communicator->barrier();
    const auto begin = std::chrono::steady_clock::now();
    for (int i = 0; i < kSums; ++i) communicator->all_reduce_sum(numbers);
    const std::chrono::duration<double> time = std::chrono::steady_clock::now() - begin;
    if (repeat >= 0) samples.push_back(1e6 * time.count() / kSums);
  }
  return samples;
}

void bench_ranks(const BenchSettings& settings, BenchReport& report) {
  for (const bool shared_memory : {true, false}) {
    if (!shared_memory && !has_gloo()) return;
    RankSettings first;
    first.size = 2;
    first.port = free_local_port();
    first.shared_memory = shared_memory;
    RankSettings second = first;
    second.rank = 1;
    auto other = std::async(std::launch::async, measure_sums, second, settings.repeats);
    report.add(shared_memory ? "ranks.microseconds_per_sum" : "ranks.microseconds_per_sum.gloo",
               measure_sums(first, settings.repeats));
    other.get();
  }
}

}  // namespace

Benchmark ranks_benchmark() {
  return {.name = "ranks",
          .sentence = "Two ranks that add up a network's gradients, on the wall's clock: in shared memory, and by Gloo",
          .results = {{"ranks.microseconds_per_sum", "us, 1 MiB"},
                      {"ranks.microseconds_per_sum.gloo", "us, 1 MiB", "where LibTorch has Gloo"}},
          .run = bench_ranks};
}

}  // namespace medal
