#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <span>

#include "agents/network/network.h"
#include "sim/task/action.h"

namespace medal {

/// What chooses the actions of a batch of learners; observations [N, O]. `reset` is called once before the first step.
struct BatchPolicy {
  std::function<void(int learners)> reset;
  std::function<void(const at::Tensor& observations, std::span<Action> actions)> act;
};
/// The network with its memory, sampling by Random(seed).
BatchPolicy network_policy(std::shared_ptr<const Network> network, bool sample_actions, std::uint64_t seed);
/// The seed that training and `medal eval` sample with, so that their numbers are the same.
inline constexpr std::uint64_t kPolicySeed = 1;
/// Uniformly random bins, as a baseline.
BatchPolicy random_policy(std::uint64_t seed);

}  // namespace medal
