#include <ATen/ops/rand.h>
#include <ATen/ops/tensor.h>

#include "agents/layers/initial_weights.h"
#include "agents/layers/math_threads.h"
#include "agents/network/network.h"
#include "experiments/bench/benchmark.h"
#include "experiments/bench/report.h"
#include "experiments/bench/worlds.h"

namespace medal {
namespace {

constexpr int kForwards = 300;
void bench_policy(const BenchSettings& settings, BenchReport& report) {
  use_one_math_thread();
  const Config& config = settings.config;
  BenchWorlds worlds(config);
  worlds.spread();
  seed_weights(static_cast<std::uint64_t>(config.run.seed));
  const Network network(config.network, observation_layout(config.environment.lidar));
  const at::Tensor observations =
      at::tensor(at::ArrayRef<float>(worlds.observations().data(), worlds.observations().size()))
          .view({worlds.learners(), -1});
  at::Tensor memory = at::zeros({worlds.learners(), network.memory_state_size()});
  const at::Tensor draws = at::rand({worlds.learners(), kActionSize});
  const auto forward = [&] { return network.step(observations, memory); };
  const auto act = [&] { network.actions().sample(forward().action_parameters, draws); };
  const auto measure = [&](const std::function<void()>& work) {
    std::vector<double> samples;
    work();
    for (int repeat = 0; repeat < settings.repeats; ++repeat)
      samples.push_back(kForwards * worlds.learners() / seconds_of([&] {
                          for (int i = 0; i < kForwards; ++i) work();
                        }));
    return samples;
  };
  at::NoGradGuard no_gradient;
  const PrecisionScope precision(precision_of(config.learner));
  report.add("policy.forwards_per_second", measure(forward));
  report.add("policy.actions_per_second", measure(act));
}

}  // namespace

Benchmark policy_benchmark() {
  return {.name = "policy",
          .sentence = "The network's step for all learners, without and with drawing actions",
          .results = {{"policy.forwards_per_second", "1/s"}, {"policy.actions_per_second", "1/s, drawing included"}},
          .run = bench_policy};
}

}  // namespace medal
