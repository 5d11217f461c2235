#include "experiments/runs/loaded_agent.h"

#include <nlohmann/json.hpp>

#include "agents/evaluation/evaluation.h"
#include "experiments/config/config_file.h"

namespace medal {

LoadedAgent load_agent(const Checkpoint& checkpoint, const std::vector<std::string>& overrides) {
  const std::filesystem::path& file = checkpoint.file();
  const auto counters = nlohmann::json::parse(checkpoint.header().counters_json);
  const Config config = config_from_toml(checkpoint.header().config_toml, "config in " + file.string(), overrides);
  sensed_by(checkpoint.header().observation, config.environment.lidar, "this agent");
  return {file, config, counters.at("steps").get<std::int64_t>(), counters.at("elapsed").get<double>(),
          Agent::load(checkpoint)};
}

EvaluationResult evaluate_agent(const LoadedAgent& agent) {
  const EvaluationOptions& options = agent.config.evaluation;
  return evaluate(agent_policy(agent.agent, options.sample_actions, kPolicySeed), agent.config.evaluation_task, options,
                  agent.config.environment.lidar);
}

}  // namespace medal
