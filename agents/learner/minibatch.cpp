#include "agents/learner/minibatch.h"

#include <ATen/ops/stack.h>
#include <ATen/ops/tensor.h>

#include <algorithm>
#include <cmath>
#include <numeric>

#include "agents/heads/auxiliary_head.h"
#include "agents/heads/heads.h"
#include "sim/base/random.h"

namespace medal {
namespace {

using at::Tensor;

constexpr std::uint64_t kShuffleDomain = 0x53485546464C4531ULL;

std::vector<std::int64_t> shuffled_learners(int learners, std::uint64_t seed, std::int64_t iteration, int epoch) {
  std::vector<std::int64_t> order(static_cast<std::size_t>(learners));
  std::iota(order.begin(), order.end(), std::int64_t{0});
  Random random(
      mix_seed(seed, static_cast<std::uint64_t>(iteration), static_cast<std::uint64_t>(epoch), kShuffleDomain));
  random.shuffle(std::span<std::int64_t>(order));
  return order;
}

/// For each head and learner, the steps whose target is known: [N] each, on the CPU.
std::vector<Tensor> mask_sums(const RolloutBuffer& rollout) {
  const Tensor privileged = rollout.privileged.narrow(0, 0, rollout.unroll);
  std::vector<Tensor> sums;
  for (const AuxiliaryHead& head : auxiliary_heads())
    sums.push_back(privileged.select(-1, head.target_offset + head.target_size - 1).sum(0).to(at::kCPU));
  return sums;
}

}  // namespace

std::vector<MinibatchPlan> plan_minibatches(const RolloutBuffer& rollout, int epochs, int minibatches,
                                            std::uint64_t seed, std::int64_t iteration, Communicator& communicator) {
  const int parts = std::min(minibatches, rollout.learners);
  const std::vector<Tensor> masks = mask_sums(rollout);
  const auto heads = static_cast<std::int64_t>(masks.size());
  std::vector<MinibatchPlan> plans;
  Tensor counts = at::zeros({epochs * parts, heads}, at::kDouble);
  for (int epoch = 0; epoch < epochs; ++epoch) {
    const Tensor shuffled = at::tensor(shuffled_learners(rollout.learners, seed, iteration, epoch));
    for (int part = 0; part < parts; ++part) {
      const std::int64_t begin = std::int64_t{rollout.learners} * part / parts;
      const std::int64_t end = std::int64_t{rollout.learners} * (part + 1) / parts;
      const Tensor rows = shuffled.narrow(0, begin, end - begin);
      for (std::int64_t head = 0; head < heads; ++head)
        counts[epoch * parts + part][head] = masks[static_cast<std::size_t>(head)].index_select(0, rows).sum();
      plans.push_back({rows, {}, end - begin});
    }
  }
  if (communicator.size() > 1) communicator.all_reduce_sum(counts);
  const double* count = counts.data_ptr<double>();
  constexpr double kNone = 1e-6;  // keeps the division sane where nothing is known
  for (MinibatchPlan& plan : plans)
    for (std::int64_t head = 0; head < heads; ++head)
      plan.masked_samples.push_back(std::max(*count++ / communicator.size(), kNone));
  return plans;
}

Minibatch gather_minibatch(const RolloutBuffer& rollout, const Tensor& normalised_advantages, const MinibatchPlan& plan,
                           at::Device device) {
  const auto sequences = [&](const Tensor& whole) {
    return whole.narrow(0, 0, rollout.unroll).index_select(1, plan.rows).to(device);
  };
  return {sequences(rollout.observations),
          rollout.initial_memory.index_select(0, plan.rows).to(device),
          sequences(rollout.starts),
          sequences(rollout.actions),
          sequences(rollout.log_probabilities),
          sequences(normalised_advantages),
          sequences(rollout.returns),
          sequences(rollout.privileged),
          rollout.written.defined() ? sequences(rollout.written) : Tensor(),
          static_cast<double>(plan.whole_batch * rollout.unroll),
          plan.masked_samples};
}

std::vector<MinibatchPlan> cache_sized_parts(const MinibatchPlan& plan, int unroll, at::Device device) {
  constexpr std::int64_t kSamples = 2048;
  const std::int64_t rows = plan.rows.size(0);
  const std::int64_t most = device.is_cpu() ? std::max<std::int64_t>(1, kSamples / unroll) : rows;
  const std::int64_t count = (rows + most - 1) / most;
  std::vector<MinibatchPlan> parts;
  for (std::int64_t part = 0; part < count; ++part) {
    const std::int64_t begin = rows * part / count, end = rows * (part + 1) / count;
    parts.push_back({plan.rows.narrow(0, begin, end - begin), plan.masked_samples, plan.whole_batch});
  }
  return parts;
}

RolloutSummary summarise_rollout(const RolloutBuffer& rollout, Communicator& communicator) {
  const Tensor advantage = rollout.advantages.to(at::kDouble), returns = rollout.returns.to(at::kDouble);
  // The advantage is what the value missed of the return.
  Tensor sums = at::cat(
      {at::stack({advantage.sum(), advantage.square().sum(), returns.sum(), returns.square().sum()}).to(at::kCPU),
       at::tensor({static_cast<double>(advantage.numel())})});
  if (communicator.size() > 1) communicator.all_reduce_sum(sums);
  const double* sum = sums.data_ptr<double>();
  const double count = sum[4];
  const auto variance = [count](double first, double second) {
    const double mean = first / count;
    const double spread = second / count - mean * mean;
    return spread < 0 ? 0.0 : spread;  // lets NaN through
  };
  const double advantage_variance = variance(sum[0], sum[1]), return_variance = variance(sum[2], sum[3]);
  RolloutSummary summary;
  summary.normalised_advantages =
      (rollout.advantages - sum[0] / count) * (1.0 / (std::sqrt(advantage_variance) + 1e-8));
  summary.explained_variance = return_variance > 0 ? 1.0 - advantage_variance / return_variance : 0.0;
  return summary;
}

}  // namespace medal
