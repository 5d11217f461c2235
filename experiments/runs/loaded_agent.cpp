#include "experiments/runs/loaded_agent.h"

#include <nlohmann/json.hpp>

#include "agents/evaluation/evaluation.h"
#include "experiments/config/config_file.h"
#include "experiments/runs/run_folder.h"
#include "sim/base/error.h"
#include "sim/episode/observation.h"

namespace medal {

LoadedAgent load_agent(const std::string& run_or_checkpoint, const std::vector<std::string>& overrides) {
  LoadedAgent agent;
  agent.file = find_checkpoint(run_or_checkpoint);
  const Checkpoint checkpoint(agent.file);
  const CheckpointHeader& header = checkpoint.header();
  agent.config = config_from_toml(header.config_toml, "config in " + agent.file.string(), overrides);
  const int width = observation_size(agent.config.environment.lidar);
  if (width != header.observation_size)
    throw UserError("this agent was trained on observations of " + std::to_string(header.observation_size) +
                    " numbers, but these [lidar] options give " + std::to_string(width) +
                    "; leave lidar.azimuths and lidar.pitches as they were");
  agent.network = std::make_shared<Network>(agent.config.network, observation_layout(agent.config.environment.lidar));
  checkpoint.load_parameters(*agent.network);
  const auto counters = nlohmann::json::parse(header.counters_json);
  agent.steps = counters.at("steps").get<std::int64_t>();
  agent.elapsed_seconds = counters.at("elapsed").get<double>();
  return agent;
}

std::int64_t parameter_count(const LoadedAgent& agent) { return count_of(agent.network->parameters()); }

EvaluationResult evaluate_agent(const LoadedAgent& agent) {
  const EvaluationOptions& options = agent.config.evaluation;
  return evaluate(network_policy(agent.network, options.sample_actions, kPolicySeed), agent.config.evaluation_task,
                  options, agent.config.environment.lidar);
}

}  // namespace medal
