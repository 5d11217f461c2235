#include "viewer/sessions/mind/agent_mind.h"

#include <fmt/format.h>

#include <cmath>

#include "agents/heads/heads.h"
#include "agents/training/math_threads.h"
#include "experiments/config/config_file.h"
#include "experiments/runs/loaded_agent.h"
#include "sim/base/error.h"
#include "sim/episode/observation.h"

namespace medal {
namespace {

/// runs/NAME/checkpoints/00012.medal: the run's name; else the folder's that the file lies in.
std::string agent_name(const std::filesystem::path& file) {
  std::filesystem::path folder = std::filesystem::absolute(file).parent_path();
  if (folder.filename() == "checkpoints") folder = folder.parent_path();
  return folder.filename().string();
}

float logistic(float x) { return 1.0F / (1.0F + std::exp(-x)); }

}  // namespace

struct AgentMind::Implementation {
  std::shared_ptr<const LoadedAgent> agent;
  std::shared_ptr<const Network> network;
  bool sample;
  Random random;
  at::Tensor memory;
  at::Tensor observation;  ///< [1, O]

  Action choose(const NetworkOutput& output) {
    const ActionDistribution& actions = network->actions();
    at::Tensor stored;
    if (sample) {
      at::Tensor uniforms = at::empty({1, kActionSize});
      for (float& value : std::span(uniforms.data_ptr<float>(), kActionSize)) value = random.uniform();
      stored = actions.sample(output.action_parameters, uniforms).stored;
    } else {
      stored = actions.mode(output.action_parameters).contiguous();
    }
    Action action;
    actions.to_actions(stored, std::span(&action, 1));
    return action;
  }

  AgentThought think(const Episode& episode, int learner) {
    AgentThought thought;
    episode.observe(learner, std::span(observation.data_ptr<float>(), static_cast<std::size_t>(observation.numel())));
    const NetworkOutput output = network->step(observation, memory, true);
    thought.step = episode.step_count();
    thought.value = output.value.item<float>();
    thought.odds = network->actions().odds(output.action_parameters);
    thought.action = choose(output);
    const at::Tensor prediction = output.guesses[head_index("expert_place")].contiguous();
    thought.expert_guess = expert_position(episode.learner_avatar(learner), std::span(prediction.data_ptr<float>(), 3));
    thought.presence_belief = logistic(prediction.data_ptr<float>()[3]);
    thought.sees_expert = episode.expert_visible(learner);
    const std::span state(memory.data_ptr<float>(), static_cast<std::size_t>(memory.numel()));
    const std::span<const float> cells = network->memory().shown(state);
    thought.cells.assign(cells.begin(), cells.end());
    return thought;
  }
};

std::shared_ptr<const LoadedAgent> open_agent(const std::string& run_or_checkpoint) {
  use_one_math_thread();
  return std::make_shared<const LoadedAgent>(load_agent(run_or_checkpoint, {}));
}

AgentCard agent_card(const LoadedAgent& agent) {
  const std::string name = agent_name(agent.file);
  return {name, fmt::format("{} after {:.1f} M steps", name, static_cast<double>(agent.steps) / 1e6),
          agent.config.environment.lidar, agent.config.evaluation_task.base, config_to_toml(agent.config)};
}

AgentMind::AgentMind(std::shared_ptr<const LoadedAgent> agent, std::uint64_t seed, bool sample) {
  MEDAL_CHECK(agent != nullptr);
  const std::shared_ptr<const Network> network = agent->network;
  implementation_ = std::make_unique<Implementation>(
      Implementation{agent, network, sample, Random(seed), at::zeros({1, network->memory_state_size()}),
                     at::zeros({1, observation_size(agent->config.environment.lidar)})});
}

AgentMind::~AgentMind() = default;
AgentMind::AgentMind(AgentMind&&) noexcept = default;
AgentMind& AgentMind::operator=(AgentMind&&) noexcept = default;

Action AgentMind::act(const Episode& episode, int learner) {
  thoughts_.push_back(std::make_shared<const AgentThought>(implementation_->think(episode, learner)));
  return thoughts_.back()->action;
}

void AgentMind::set_sampling(bool sample) { implementation_->sample = sample; }

}  // namespace medal
