#include <ATen/ops/rand.h>

#include "agents/layers/initial_weights.h"
#include "agents/layers/math_threads.h"
#include "agents/learner/learner.h"
#include "experiments/bench/benchmark.h"
#include "experiments/bench/report.h"
#include "experiments/bench/worlds.h"

namespace medal {
namespace {

/// Observations from worlds, everything else as plausible noise: the work does not depend on it.
void fill(RolloutBuffer& rollout, const Network& network, BenchWorlds& worlds) {
  at::NoGradGuard no_gradient;
  rollout.starts.zero_();
  worlds.spread();
  at::Tensor memory = at::zeros({rollout.learners, network.memory_state_size()});
  for (int t = 0; t < rollout.unroll; ++t) {
    worlds.step(rollout.outputs_of(t));
    if (t == 0) rollout.observations[0].copy_(rollout.observations[1]);
    const NetworkOutput output = network.step(rollout.observations[t], memory);
    const ActionSample sample =
        network.actions().sample(output.action_parameters, at::rand({rollout.learners, kActionSize}));
    rollout.actions[t].copy_(sample.stored);
    rollout.log_probabilities[t].copy_(sample.log_probability);
    rollout.values[t].copy_(output.value);
    rollout.starts[t + 1].copy_(rollout.truncated[t]);
  }
  rollout.values[rollout.unroll].zero_();
  rollout.final_values.zero_();
}

/// Of an epoch of updates on a full rollout.
std::vector<double> samples_per_second(const Config& config, int repeats) {
  BenchWorlds worlds(config);
  seed_weights(static_cast<std::uint64_t>(config.run.seed));
  const auto network = std::make_shared<Network>(config.network, observation_layout(config.environment.lidar));
  const auto communicator = make_communicator({});
  Learner learner(config.learner, network, *communicator);
  RolloutBuffer rollout(config.learner.unroll, worlds.learners(), worlds.environment().observation_size(),
                        network->memory_state_size());
  const PrecisionScope precision(precision_of(config.learner));
  fill(rollout, *network, worlds);
  compute_advantages(rollout, config.learner.discount, config.learner.gae_lambda);
  std::vector<double> samples;
  // An update that stops half-way would look fast.
  const auto update = [&](std::int64_t iteration) {
    if (!learner.update(rollout, 1, iteration, 0).finite) throw std::runtime_error("the loss was not finite");
  };
  update(0);
  for (int repeat = 0; repeat < repeats; ++repeat)
    samples.push_back(config.learner.unroll * worlds.learners() / seconds_of([&] { update(repeat + 1); }));
  return samples;
}

void bench_learner(const BenchSettings& settings, BenchReport& report) {
  use_one_math_thread();
  Config config = settings.config;
  report.add("learner.samples_per_second", samples_per_second(config, settings.repeats));
  config.network.trunk_size = 0;
  report.add("learner.samples_per_second.without_trunk", samples_per_second(config, settings.repeats));
}

}  // namespace

Benchmark learner_benchmark() {
  return {.name = "learner",
          .sentence = "One epoch of updates on a full rollout",
          .results = {{"learner.samples_per_second", "1/s"},
                      {"learner.samples_per_second.without_trunk", "1/s, without ray attention and trunk"}},
          .run = bench_learner,
          .defaults = {"learner.unroll=128"},
          .fixed = {"learner.epochs=1"}};
}

}  // namespace medal
