#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "agents/agent/agent.h"
#include "agents/checkpoint/checkpoint.h"
#include "agents/scores/evaluation_result.h"
#include "experiments/config/config.h"
#include "experiments/runs/run_folder.h"

namespace medal {

/// A trained agent and the config it was trained with.
struct LoadedAgent {
  std::filesystem::path file;
  Config config;
  std::int64_t steps = 0;
  double elapsed_seconds = 0;
  Agent agent;
};

/// The agent in an opened checkpoint (see open_checkpoint); overrides ("section.key=value") change the config, but not
/// what the network was built from. Throws UserError.
LoadedAgent load_agent(const Checkpoint& checkpoint, const std::vector<std::string>& overrides);

/// Learner steps that led to a checkpoint.
std::int64_t steps_of(const Checkpoint& checkpoint);

/// Plays the held-out tasks of the agent's config, as training does at its end.
EvaluationResult evaluate_agent(const LoadedAgent& agent);

/// What makes the experts of kind `agent` in these tasks of the config: environment.expert_agent, opened, or the copy
/// that a run has of it; null where the tasks want none. Throws UserError.
ExpertFactory expert_agents_for(const TaskDistribution& tasks, const Config& config, const RunFolder* run = nullptr);
/// Puts a copy of it into the run, whose training is then what it is whatever becomes of the other. Does nothing where
/// training wants none.
void keep_expert_agent(const Config& config, const RunFolder& run);

}  // namespace medal
