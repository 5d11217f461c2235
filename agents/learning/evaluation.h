#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "agents/learning/config.h"
#include "agents/learning/network.h"
#include "agents/players/replay.h"

namespace medal {

struct Interval {
  double mean = 0, low = 0, high = 0;  ///< 95 % bootstrap interval over tasks
};

/// One held-out task: scores at penalty 1 of the three conditions, run side by side, and of the expert.
struct TaskScores {
  std::uint64_t seed = 0;
  double full = 0, half = 0, solo = 0, expert = 0;
};

struct EvaluationResult {
  int rejected = 0;  ///< tasks whose expert scored too little
  Interval ct, full, half, solo, expert;
  std::vector<TaskScores> tasks;
};

/// CT = (full - solo) / 2E + (half - solo) / 2E on means over tasks, with bootstrap intervals.
EvaluationResult summarise(std::vector<TaskScores> tasks, int rejected, const EvaluationOptions& options);

/// What chooses the actions of a batch of learners; observations [N, O]. `reset` is called once before the first step.
struct BatchPolicy {
  std::function<void(int learners)> reset;
  std::function<void(const torch::Tensor& observations, std::span<Action> actions)> act;
};
/// The network with its memory, sampling by Random(seed).
BatchPolicy network_policy(Network network, bool sample_actions, std::uint64_t seed);
/// Uniformly random bins, as a baseline.
BatchPolicy random_policy(std::uint64_t seed);

/// Plays `options.tasks` held-out tasks (in batches) under full, half and solo presence from one common spawn.
EvaluationResult evaluate(const BatchPolicy& policy, const TaskDistribution& tasks, const EvaluationOptions& options,
                          const LidarOptions& lidar);

/// Plays the first held-out task that is not rejected, as `evaluate` does, and writes it down: learners 0, 1, 2 under
/// full, half and solo presence.
Replay record_held_out_task(const BatchPolicy& policy, const TaskDistribution& tasks, const EvaluationOptions& options,
                            const LidarOptions& lidar);

/// The stable JSON of `medal eval --json` (see the design's command line).
std::string evaluation_to_json(const EvaluationResult& result);

}  // namespace medal
