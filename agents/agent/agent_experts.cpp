#include "agents/agent/agent_experts.h"

#include "agents/kernels/precision.h"
#include "sim/episode/expert_senses.h"
#include "sim/episode/observation.h"

namespace medal {
namespace {

class AgentExpert final : public Player {
 public:
  AgentExpert(const Agent& agent, const Task& task, std::shared_ptr<const LidarCaster> lidar, std::uint64_t seed)
      : agent_(agent),
        lidar_(std::move(lidar)),
        senses_(task, *lidar_),
        observation_(static_cast<std::size_t>(agent.observation_size())) {
    agent_.reset(1, seed);
  }

  Action act(const PlayerView& view) override {
    const PrecisionScope precision(Precision::float32);  // the caller's is its own
    senses_.write(view.self, view.history, action_, observation_);
    agent_.act(observation_, {&action_, 1});
    return action_;
  }

 private:
  Agent agent_;
  std::shared_ptr<const LidarCaster> lidar_;
  ExpertSenses senses_;
  std::vector<float> observation_;
  Action action_;
};

}  // namespace

ExpertFactory agent_experts(const Agent& agent) {
  return [pattern = std::make_shared<const Agent>(agent), lidar = std::make_shared<const LidarCaster>(agent.lidar())](
             const Task& task, std::uint64_t seed) -> std::unique_ptr<Player> {
    return std::make_unique<AgentExpert>(*pattern, task, lidar, seed);
  };
}

}  // namespace medal
