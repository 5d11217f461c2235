#include "agents/learner/rollout_buffer.h"

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

RolloutBuffer::RolloutBuffer(int unroll_steps, int learner_count, int observation_size, int memory_state_size)
    : unroll(unroll_steps),
      learners(learner_count),
      observations(at::zeros({unroll + 1, learners, observation_size})),
      privileged(at::zeros({unroll + 1, learners, kPrivilegedSize})),
      starts(at::zeros({unroll + 1, learners})),
      actions(at::zeros({unroll, learners, kActionSize})),
      log_probabilities(at::zeros({unroll, learners})),
      values(at::zeros({unroll + 1, learners})),
      rewards(at::zeros({unroll, learners})),
      terminated(at::zeros({unroll, learners}, at::kByte)),
      truncated(at::zeros({unroll, learners}, at::kByte)),
      final_values(at::zeros({unroll, learners})),
      final_observations(at::zeros({learners, observation_size})),
      initial_memory(at::zeros({learners, memory_state_size})),
      advantages(at::zeros({unroll, learners})),
      returns(at::zeros({unroll, learners})) {}

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

}  // namespace medal
