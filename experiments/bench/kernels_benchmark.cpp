#include <ATen/ops/mm.h>
#include <ATen/ops/rand.h>
#include <ATen/ops/randn.h>
#include <ATen/ops/randn_like.h>
#include <ATen/ops/tensor.h>

#include "agents/kernels/precision.h"
#include "agents/layers/dense.h"
#include "agents/layers/initial_weights.h"
#include "agents/layers/lstm_unroll.h"
#include "agents/layers/math_threads.h"
#include "agents/layers/ray_attention.h"
#include "agents/learner/loss.h"
#include "agents/network/network.h"
#include "experiments/bench/benchmark.h"
#include "experiments/bench/report.h"
#include "experiments/bench/worlds.h"

namespace medal {
namespace {

using at::Tensor;

// As many samples as the learner gives the network at once: T steps of B learners.
constexpr std::int64_t kSteps = 64, kLearners = 32, kSamples = kSteps * kLearners;
constexpr std::int64_t kFewRows = 16;  // of a rank with a small share of the learners
constexpr int kRuns = 10, kProducts = 2000;

Tensor parameter(std::initializer_list<std::int64_t> sizes) { return (0.1 * at::randn(sizes)).requires_grad_(); }

/// Observations of worlds at work, [kSamples, O].
Tensor observed(BenchWorlds& worlds) {
  worlds.spread();
  std::vector<Tensor> rows;
  for (std::int64_t count = 0; count < kSamples; count += worlds.learners()) {
    worlds.step();
    rows.push_back(at::tensor(at::ArrayRef<float>(worlds.observations().data(), worlds.observations().size()))
                       .view({worlds.learners(), -1}));
  }
  return at::cat(rows).narrow(0, 0, kSamples).contiguous();
}

/// The gradient of the sum of what a layer gives, after the way forward.
std::function<void()> forward_and_back(std::function<Tensor()> forward) {
  return [forward = std::move(forward)] { forward().sum().backward(); };
}

/// Measures one kernel and the plain tensor operations that it stands for.
class Pair {
 public:
  Pair(const BenchSettings& settings, BenchReport& report) : settings_(&settings), report_(&report) {}

  /// Each call makes `samples` samples.
  void add(const std::string& name, int runs, std::int64_t samples, const std::function<void()>& kernel,
           const std::function<void()>& plain) {
    report_->add("kernels." + name, microseconds(runs, samples, kernel));
    report_->add("kernels." + name + ".by_tensors", microseconds(runs, samples, plain));
  }
  /// The same, and the kernel in the precision that learner.bf16 gives it.
  void add_rounded(const std::string& name, int runs, std::int64_t samples, const std::function<void()>& kernel,
                   const std::function<void()>& plain) {
    add(name, runs, samples, kernel, plain);
    const PrecisionScope rounded(Precision::bfloat16);
    report_->add("kernels." + name + ".bf16", microseconds(runs, samples, kernel));
  }

 private:
  std::vector<double> microseconds(int runs, std::int64_t samples, const std::function<void()>& call) const {
    const auto run = [&] {
      for (int i = 0; i < runs; ++i) call();
    };
    run();
    std::vector<double> each;
    for (int repeat = 0; repeat < settings_->repeats; ++repeat)
      each.push_back(1e6 * seconds_of(run) / static_cast<double>(runs * samples));
    return each;
  }

  const BenchSettings* settings_;
  BenchReport* report_;
};

void bench_layers(const Config& config, const Tensor& observations, Pair& pair) {
  const std::int64_t width = config.network.encoder_size, memory = config.network.memory_size;
  const Tensor weight = parameter({observations.size(1), width}), bias = parameter({width});
  pair.add_rounded("first_layer", kRuns, kSamples,
                   forward_and_back([&] { return observation_layer(observations, weight, bias); }),
                   forward_and_back([&] { return dense_layer_by_tensors(observations, weight, bias, true); }));

  const Tensor few = at::randn({kFewRows, memory}), square = at::randn({memory, 4 * memory});
  pair.add_rounded(
      "product_of_few_rows", kProducts, 1, [&] { matrix_product(few, square); }, [&] { at::mm(few, square); });

  const Tensor inputs = parameter({kSteps, kLearners, width}), state = at::zeros({kLearners, 2 * memory});
  const Tensor starts = at::zeros({kSteps, kLearners});
  const LstmWeights weights{parameter({width, 4 * memory}), parameter({memory, 4 * memory}), parameter({4 * memory})};
  pair.add_rounded("lstm_unroll", kRuns, kSamples,
                   forward_and_back([&] { return lstm_unroll(inputs, state, starts, weights); }),
                   forward_and_back([&] { return lstm_unroll_stepwise(inputs, state, starts, weights); }));

  Parameters parameters;
  const RayAttention attention(ParameterScope(parameters), memory,
                               ray_layout(observation_layout(config.environment.lidar)), config.network.ray_queries);
  const Tensor asking = parameter({kSamples, memory});
  pair.add("ray_attention", kRuns, kSamples,
           forward_and_back([&] { return attention.forward(observations, {asking}); }),
           forward_and_back([&] { return attention.forward_by_tensors(observations, {asking}); }));
}

void bench_loss(const Config& config, const Tensor& observations, Pair& pair) {
  const Network network(config.network, observation_layout(config.environment.lidar));
  const Tensor zeros = at::zeros({kSteps, kLearners});
  NetworkOutput output = network.unroll(observations.view({kSteps, kLearners, -1}),
                                        at::zeros({kLearners, network.memory_state_size()}), zeros);
  const auto cut_off = [](Tensor& part) { part = part.detach().requires_grad_(); };
  cut_off(output.action_parameters);
  cut_off(output.value);
  for (Tensor& guess : output.guesses) cut_off(guess);
  Minibatch batch;
  {
    at::NoGradGuard no_gradient;
    const ActionSample chosen =
        network.actions().sample(output.action_parameters.view({kSamples, -1}), at::rand({kSamples, kActionSize}));
    batch.actions = chosen.stored.view({kSteps, kLearners, -1});
    batch.log_probabilities = chosen.log_probability.view({kSteps, kLearners}) + 0.1 * at::randn_like(zeros);
  }
  batch.advantages = at::randn_like(zeros);
  batch.returns = at::randn_like(zeros);
  batch.privileged = at::rand({kSteps, kLearners, kPrivilegedSize});
  batch.samples = static_cast<double>(kSamples);
  batch.masked_samples.assign(output.guesses.size(), batch.samples);
  pair.add(
      "loss", kRuns, kSamples, [&] { compute_loss(config.learner, network.actions(), output, batch).backward(); },
      [&] { compute_loss_by_tensors(config.learner, network.actions(), output, batch).backward(); });
}

void bench_kernels(const BenchSettings& settings, BenchReport& report) {
  use_one_math_thread();
  seed_weights(static_cast<std::uint64_t>(settings.config.run.seed));
  BenchWorlds worlds(settings.config);
  const Tensor observations = observed(worlds);
  Pair pair(settings, report);
  bench_layers(settings.config, observations, pair);
  bench_loss(settings.config, observations, pair);
}

}  // namespace

Benchmark kernels_benchmark() {
  constexpr std::string_view kSample = "us a sample, gradients included",
                             kProduct = "us, [16, memory] x [memory, 4 memory]";
  return {.name = "kernels",
          .sentence = "The learner's kernels beside the plain tensor operations that they stand for",
          .results = {{"kernels.first_layer", kSample},
                      {"kernels.first_layer.by_tensors", kSample},
                      {"kernels.first_layer.bf16", kSample},
                      {"kernels.product_of_few_rows", kProduct},
                      {"kernels.product_of_few_rows.by_tensors", kProduct},
                      {"kernels.product_of_few_rows.bf16", kProduct},
                      {"kernels.lstm_unroll", kSample},
                      {"kernels.lstm_unroll.by_tensors", kSample},
                      {"kernels.lstm_unroll.bf16", kSample},
                      {"kernels.ray_attention", kSample},
                      {"kernels.ray_attention.by_tensors", kSample},
                      {"kernels.loss", kSample},
                      {"kernels.loss.by_tensors", kSample}},
          .run = bench_kernels};
}

}  // namespace medal
