#include "agents/learner/rollout_buffer.h"

#include <ATen/ops/where.h>

#include "sim/episode/privileged.h"
#include "sim/task/action.h"

namespace medal {
namespace {

/// Row `t` of a tensor [T, ...] as plain memory.
template <class T>
std::span<T> row(const at::Tensor& tensor, int t) {
  const auto size = static_cast<std::size_t>(tensor.stride(0));
  return {tensor.data_ptr<T>() + static_cast<std::size_t>(t) * size, size};
}

template <class T>
std::span<T> all(const at::Tensor& tensor) {
  return {tensor.data_ptr<T>(), static_cast<std::size_t>(tensor.numel())};
}

}  // namespace

RolloutBuffer::RolloutBuffer(int unroll_steps, int learner_count, int observation_size, int memory_state_size,
                             const at::TensorOptions& options, int written_size)
    : unroll(unroll_steps),
      learners(learner_count),
      observations(at::zeros({unroll + 1, learners, observation_size}, options)),
      privileged(at::zeros({unroll + 1, learners, kPrivilegedSize}, options)),
      starts(at::zeros({unroll + 1, learners}, options)),
      actions(at::zeros({unroll, learners, kActionSize}, options)),
      log_probabilities(at::zeros({unroll, learners}, options)),
      values(at::zeros({unroll + 1, learners}, options)),
      rewards(at::zeros({unroll, learners}, options)),
      terminated(at::zeros({unroll, learners}, options.dtype(at::kByte))),
      truncated(at::zeros({unroll, learners}, options.dtype(at::kByte))),
      final_values(at::zeros({unroll, learners}, options)),
      final_observations(at::zeros({learners, observation_size}, options)),
      initial_memory(at::zeros({learners, memory_state_size}, options)),
      advantages(at::zeros({unroll, learners}, options)),
      returns(at::zeros({unroll, learners}, options)),
      written(written_size > 0 ? at::zeros({unroll, learners, written_size}, options) : at::Tensor()) {}

StepOutputs RolloutBuffer::outputs_of(int t) {
  return {row<float>(observations, t + 1),  row<float>(privileged, t + 1),   row<float>(rewards, t),
          row<std::uint8_t>(terminated, t), row<std::uint8_t>(truncated, t), all<float>(final_observations)};
}

StepOutputs RolloutBuffer::outputs_of_reset() {
  StepOutputs outputs = outputs_of(0);
  outputs.observations = row<float>(observations, 0);
  outputs.privileged = row<float>(privileged, 0);
  return outputs;
}

void RolloutBuffer::carry_over() {
  for (const at::Tensor& tensor : {observations, privileged, starts, values}) tensor[0].copy_(tensor[unroll]);
}

void compute_advantages(RolloutBuffer& rollout, double discount, double lambda) {
  if (!rollout.values.is_cpu()) return compute_advantages_by_tensors(rollout, discount, lambda);
  for (int i = 0; i < rollout.learners; ++i) {
    double advantage = 0;
    for (int t = rollout.unroll - 1; t >= 0; --t) {
      const auto here =
          static_cast<std::size_t>(t) * static_cast<std::size_t>(rollout.learners) + static_cast<std::size_t>(i);
      const auto next = here + static_cast<std::size_t>(rollout.learners);
      const bool terminated = rollout.terminated.data_ptr<std::uint8_t>()[here] != 0;
      const bool truncated = rollout.truncated.data_ptr<std::uint8_t>()[here] != 0;
      double next_value = rollout.values.data_ptr<float>()[next];
      if (truncated) next_value = rollout.final_values.data_ptr<float>()[here];
      if (terminated) next_value = 0;
      if (terminated || truncated) advantage = 0;  // the next row belongs to another episode
      const double value = rollout.values.data_ptr<float>()[here];
      const double error = rollout.rewards.data_ptr<float>()[here] + discount * next_value - value;
      advantage = error + discount * lambda * advantage;
      rollout.advantages.data_ptr<float>()[here] = static_cast<float>(advantage);
      rollout.returns.data_ptr<float>()[here] = static_cast<float>(advantage + value);
    }
  }
}

void compute_advantages_by_tensors(RolloutBuffer& rollout, double discount, double lambda) {
  const std::int64_t steps = rollout.unroll;
  const at::Tensor truncated = rollout.truncated.to(at::kFloat), lasts = 1.0F - rollout.terminated.to(at::kFloat);
  const at::Tensor values = rollout.values.narrow(0, 0, steps), next = rollout.values.narrow(0, 1, steps);
  const at::Tensor next_values = at::where(rollout.truncated > 0, rollout.final_values, next) * lasts;
  // advantage[t] = error[t] + share[t] advantage[t + 1]: each round doubles how many steps ahead are seen.
  at::Tensor advantages = rollout.rewards + discount * next_values - values;
  at::Tensor shares = discount * lambda * lasts * (1.0F - truncated);
  for (std::int64_t ahead = 1; ahead < steps; ahead *= 2) {
    const std::int64_t rest = steps - ahead;
    const auto near = [rest](const at::Tensor& all) { return all.narrow(0, 0, rest); };
    const auto far = [rest, ahead](const at::Tensor& all) { return all.narrow(0, ahead, rest); };
    const at::Tensor seen = near(advantages) + near(shares) * far(advantages);
    advantages = at::cat({seen, advantages.narrow(0, rest, ahead)});
    shares = at::cat({near(shares) * far(shares), shares.narrow(0, rest, ahead)});
  }
  rollout.advantages.copy_(advantages);
  rollout.returns.copy_(advantages + values);
}

}  // namespace medal
