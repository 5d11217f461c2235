#include "viewer/sessions/mind/agent_mind.h"

#include <fmt/format.h>

#include "agents/layers/math_threads.h"
#include "experiments/config/config_text.h"
#include "experiments/runs/loaded_agent.h"
#include "experiments/runs/run_folder.h"
#include "sim/base/error.h"
#include "sim/base/random.h"

namespace medal {
namespace {

/// runs/NAME/checkpoints/00012.medal: the run's name; else the folder's that the file lies in.
std::string agent_name(const std::filesystem::path& file) {
  std::filesystem::path folder = std::filesystem::absolute(file).parent_path();
  if (folder.filename() == "checkpoints") folder = folder.parent_path();
  return folder.filename().string();
}

constexpr std::uint64_t kAgentDomain = 0x4147454E54ULL;

}  // namespace

struct AgentMind::Implementation {
  Agent agent;
  std::vector<float> observation;

  AgentThought think(const Episode& episode, int learner) {
    AgentThought thought;
    AgentInsight insight;
    episode.observe(learner, observation);
    agent.act(observation, std::span(&thought.action, 1), std::span(&insight, 1));
    thought.step = episode.step_count();
    thought.value = insight.value;
    thought.odds = std::move(insight.odds);
    thought.expert_guess = expert_position(episode.learner_avatar(learner), insight.expert_feet);
    thought.presence_belief = insight.expert_visible;
    thought.sees_expert = episode.expert_visible(learner);
    thought.cells = std::move(insight.memory);
    thought.recollection = std::move(insight.recollection);
    return thought;
  }
};

std::shared_ptr<const LoadedAgent> open_agent(const std::string& run_or_checkpoint) {
  use_one_math_thread();
  return std::make_shared<const LoadedAgent>(load_agent(open_checkpoint(run_or_checkpoint), {}));
}

AgentCard agent_card(const LoadedAgent& agent) {
  const std::string name = agent_name(agent.file);
  return {name, fmt::format("{} after {:.1f} M steps", name, static_cast<double>(agent.steps) / 1e6),
          agent.config.environment.lidar, agent.config.evaluation_task.base, config_to_toml(agent.config)};
}

LidarOptions lidar_of(const std::shared_ptr<const LoadedAgent>& agent) {
  return agent ? agent_card(*agent).lidar : LidarOptions{};
}

std::uint64_t agent_seed(std::uint64_t task_seed, int learner) {
  return mix_seed(task_seed, static_cast<std::uint64_t>(learner), 0, kAgentDomain);
}

AgentMind::AgentMind(const std::shared_ptr<const LoadedAgent>& loaded, std::uint64_t seed, bool sample) {
  MEDAL_CHECK(loaded != nullptr);
  Agent agent = loaded->agent;
  agent.reset(1, seed);
  agent.set_sampling(sample);
  std::vector<float> observation(static_cast<std::size_t>(agent.observation_size()));
  implementation_ = std::make_unique<Implementation>(Implementation{std::move(agent), std::move(observation)});
}

AgentMind::~AgentMind() = default;
AgentMind::AgentMind(AgentMind&&) noexcept = default;
AgentMind& AgentMind::operator=(AgentMind&&) noexcept = default;

Action AgentMind::act(const Episode& episode, int learner) {
  thoughts_.push_back(std::make_shared<const AgentThought>(implementation_->think(episode, learner)));
  return thoughts_.back()->action;
}

void AgentMind::set_sampling(bool sample) { implementation_->agent.set_sampling(sample); }

int AgentMind::hold(CellHold which, std::uint64_t seed) {
  std::vector<CellRow> rows;
  for (const auto& thought : thoughts_) rows.push_back({thought->cells, thought->sees_expert});
  std::vector<HeldCell> held = held_cells(which, rows, seed);
  const auto count = static_cast<int>(held.size());
  implementation_->agent.hold(std::move(held));
  return count;
}

}  // namespace medal
