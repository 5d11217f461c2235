#include "experiments/runs/loaded_agent.h"

#include <fstream>
#include <iterator>

#include "agents/agent/agent_experts.h"
#include "agents/evaluation/evaluation.h"
#include "experiments/config/config_file.h"
#include "experiments/config/config_knobs.h"
#include "sim/base/atomic_file.h"
#include "sim/task/guarded_json.h"

namespace medal {

namespace {

struct Counters {
  std::int64_t steps = 0;
  double elapsed_seconds = 0;
};

Counters counters_of(const Checkpoint& checkpoint) try {
  const auto counters = json_from_text(checkpoint.header().counters_json);
  return {counters.at("steps").get<std::int64_t>(), counters.at("elapsed").get<double>()};
} catch (const nlohmann::json::exception&) {
  throw UserError("checkpoint '" + checkpoint.file().string() + "' has damaged counters; use an older one");
}

}  // namespace

std::int64_t steps_of(const Checkpoint& checkpoint) { return counters_of(checkpoint).steps; }

LoadedAgent load_agent(const Checkpoint& checkpoint, const std::vector<std::string>& overrides) {
  const std::filesystem::path& file = checkpoint.file();
  const Counters counters = counters_of(checkpoint);
  const Config config = config_from_toml(checkpoint.header().config_toml, "config in " + file.string(), overrides);
  sensed_by(checkpoint.header().observation, config.environment.lidar, "this agent");
  return {file, config, counters.steps, counters.elapsed_seconds, Agent::load(checkpoint)};
}

EvaluationResult evaluate_agent(const LoadedAgent& agent) {
  const EvaluationOptions& options = agent.config.evaluation;
  return evaluate(agent_policy(agent.agent, options.sample_actions, kPolicySeed), agent.config.evaluation_task, options,
                  agent.config.environment.lidar, expert_agents_for(agent.config.evaluation_task, agent.config));
}

ExpertFactory expert_agents_for(const TaskDistribution& tasks, const Config& config, const RunFolder* run) {
  if (!may_be_agent(tasks)) return nullptr;
  if (run != nullptr && std::filesystem::exists(run->expert_agent()))
    return agent_experts(Agent::load(run->expert_agent()));
  return agent_experts(Agent::load(open_checkpoint(config.environment.expert_agent)));
}

void keep_expert_agent(const Config& config, const RunFolder& run) {
  if (!may_be_agent(config.task) || std::filesystem::exists(run.expert_agent())) return;
  const Checkpoint agent = open_checkpoint(config.environment.expert_agent);
  std::ifstream stream(agent.file(), std::ios::binary);
  write_file_atomically(run.expert_agent(), std::string{std::istreambuf_iterator<char>(stream), {}});
}

}  // namespace medal
