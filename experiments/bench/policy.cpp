#include <ATen/ops/rand.h>
#include <ATen/ops/tensor.h>

#include "agents/layers/initial_weights.h"
#include "agents/layers/math_threads.h"
#include "agents/learner/learner.h"
#include "experiments/bench/benchmarks.h"
#include "experiments/bench/worlds.h"

namespace medal {
namespace {

constexpr int kForwards = 300;
constexpr int kSpreadSteps = 20;

at::Tensor uniforms(std::int64_t rows) { return at::rand({rows, kActionSize}); }

/// Observations from worlds, everything else as plausible noise: the work does not depend on it.
void fill(RolloutBuffer& rollout, const Network& network, BenchWorlds& worlds) {
  at::NoGradGuard no_gradient;
  rollout.starts.zero_();
  for (int s = 0; s < kSpreadSteps; ++s) worlds.step();
  at::Tensor memory = at::zeros({rollout.learners, network.memory_state_size()});
  for (int t = 0; t < rollout.unroll; ++t) {
    worlds.step(rollout.outputs_of(t));
    if (t == 0) rollout.observations[0].copy_(rollout.observations[1]);
    const NetworkOutput output = network.step(rollout.observations[t], memory);
    const ActionSample sample = network.actions().sample(output.action_parameters, uniforms(rollout.learners));
    rollout.actions[t].copy_(sample.stored);
    rollout.log_probabilities[t].copy_(sample.log_probability);
    rollout.values[t].copy_(output.value);
    rollout.starts[t + 1].copy_(rollout.truncated[t]);
  }
  rollout.values[rollout.unroll].zero_();
  rollout.final_values.zero_();
}

}  // namespace

void bench_policy(const BenchSettings& settings, BenchReport& report) {
  use_one_math_thread();
  const Config& config = settings.config;
  BenchWorlds worlds(config);
  for (int s = 0; s < kSpreadSteps; ++s) worlds.step();
  seed_weights(static_cast<std::uint64_t>(config.run.seed));
  const Network network(config.network, observation_layout(config.environment.lidar));
  const at::Tensor observations =
      at::tensor(at::ArrayRef<float>(worlds.observations().data(), worlds.observations().size()))
          .view({worlds.learners(), -1});
  at::Tensor memory = at::zeros({worlds.learners(), network.memory_state_size()});
  const at::Tensor draws = uniforms(worlds.learners());
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
  report.add("policy.forwards_per_second", "1/s", measure(forward));
  report.add("policy.actions_per_second", "1/s, drawing included", measure(act));
}

void bench_learner(const BenchSettings& settings, BenchReport& report) {
  use_one_math_thread();
  const Config& config = settings.config;
  BenchWorlds worlds(config);
  seed_weights(static_cast<std::uint64_t>(config.run.seed));
  const auto network = std::make_shared<Network>(config.network, observation_layout(config.environment.lidar));
  const auto communicator = make_communicator({});
  Learner learner(config.learner, network, *communicator);
  RolloutBuffer rollout(config.learner.unroll, worlds.learners(), worlds.environment().observation_size(),
                        network->memory_state_size());
  fill(rollout, *network, worlds);
  compute_advantages(rollout, config.learner.discount, config.learner.gae_lambda);
  std::vector<double> samples;
  // An update that stops half-way would look fast.
  const auto update = [&](std::int64_t iteration) {
    if (!learner.update(rollout, 1, iteration, 0).finite) throw std::runtime_error("the loss was not finite");
  };
  update(0);
  for (int repeat = 0; repeat < settings.repeats; ++repeat)
    samples.push_back(config.learner.unroll * worlds.learners() / seconds_of([&] { update(repeat + 1); }));
  report.add("learner.samples_per_second", "1/s, one epoch", samples);
}

}  // namespace medal
