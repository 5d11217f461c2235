#pragma once

#include <cstdint>
#include <functional>
#include <span>

#include "agents/evaluation/batch_policy.h"
#include "agents/recordings/replay.h"
#include "agents/scores/evaluation_options.h"
#include "agents/scores/evaluation_result.h"
#include "curriculum/distribution/task_distribution.h"
#include "sim/episode/player.h"
#include "sim/lidar/lidar.h"

namespace medal {

/// Seed of the index-th held-out task; options.seed, or another, shifts them.
std::uint64_t held_out_seed(int seed, std::uint64_t index);

/// What can be known before anything is trained: throws UserError where no held-out task has a layout and an expert
/// that scores enough, within as many as evaluate() would try. Plays the expert alone, for a moment where all is well.
/// Here and below `agents` makes the experts of kind `agent`.
void check_held_out_tasks(const TaskDistribution& tasks, const EvaluationOptions& options,
                          const ExpertFactory& agents = nullptr);

/// Plays `options.tasks` held-out tasks (in batches) under full, half and solo presence from one common spawn.
EvaluationResult evaluate(const BatchPolicy& policy, const TaskDistribution& tasks, const EvaluationOptions& options,
                          const LidarOptions& lidar, const ExpertFactory& agents = nullptr);

/// Plays the first held-out task that is not rejected, as `evaluate` does, and writes it down: learners 0, 1, 2 under
/// full, half and solo presence.
Replay record_held_out_task(const BatchPolicy& policy, const TaskDistribution& tasks, const EvaluationOptions& options,
                            const LidarOptions& lidar, const ExpertFactory& agents = nullptr);

}  // namespace medal
