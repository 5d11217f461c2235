#pragma once

#include <cstdint>
#include <functional>
#include <span>

#include "agents/learning/config.h"
#include "agents/learning/evaluation_result.h"
#include "agents/learning/network.h"
#include "agents/players/replay.h"

namespace medal {

/// What chooses the actions of a batch of learners; observations [N, O]. `reset` is called once before the first step.
struct BatchPolicy {
  std::function<void(int learners)> reset;
  std::function<void(const torch::Tensor& observations, std::span<Action> actions)> act;
};
/// The network with its memory, sampling by Random(seed).
BatchPolicy network_policy(Network network, bool sample_actions, std::uint64_t seed);
/// The seed that training and `medal eval` sample with, so that their numbers are the same.
inline constexpr std::uint64_t kPolicySeed = 1;
/// Uniformly random bins, as a baseline.
BatchPolicy random_policy(std::uint64_t seed);

/// Plays `options.tasks` held-out tasks (in batches) under full, half and solo presence from one common spawn.
EvaluationResult evaluate(const BatchPolicy& policy, const TaskDistribution& tasks, const EvaluationOptions& options,
                          const LidarOptions& lidar);

/// Plays the first held-out task that is not rejected, as `evaluate` does, and writes it down: learners 0, 1, 2 under
/// full, half and solo presence.
Replay record_held_out_task(const BatchPolicy& policy, const TaskDistribution& tasks, const EvaluationOptions& options,
                            const LidarOptions& lidar);

}  // namespace medal
