#include "agents/agent/agent_experts.h"

#include "agents/experts/experts.h"
#include "agents/network/network.h"
#include "sim/episode/episode.h"
#include "sim/episode/observation.h"
#include "sim/generation/generate_task.h"
#include "tests/support/catch.h"
#include "tests/support/tensors.h"

using namespace medal;

namespace {

Agent small_agent() {
  seed_weights(5);
  const LidarOptions lidar{8, {0.0F}};
  NetworkOptions options;
  options.encoder_size = options.memory_size = 8;
  return {std::make_shared<const Network>(options, observation_layout(lidar)), lidar};
}

/// A world whose learner stands where the expert does.
std::shared_ptr<const Task> one_spawn() {
  TaskParameters parameters;
  parameters.expert = ExpertKind::agent;
  parameters.episode_seconds = 20;
  Task task = generate_task(parameters, 7);
  task.learner_spawns.front() = task.expert_spawn;
  return std::make_shared<const Task>(std::move(task));
}

EpisodeSpec spec_of(const Task& task) {
  EpisodeSpec spec;
  spec.parameters = task.parameters;
  spec.seed = spec.geometry_seed = task.seed;
  spec.steps = task.parameters.episode_steps();
  spec.presence = {fixed_presence(PresenceKind::solo, spec.steps)};
  return spec;
}

}  // namespace

TEST_CASE("an agent in the expert's seat does what it does as a learner that sees nobody, from the same place") {
  constexpr std::uint64_t kSeed = 11;
  const Agent agent = small_agent();
  const auto task = one_spawn();
  const LidarCaster caster(agent.lidar());
  NavmeshCache cache(1);
  Episode seated(spec_of(*task), task, make_expert(*task, kSeed, cache, agent_experts(agent)), caster);
  Episode alone(spec_of(*task), task, nullptr, caster);
  Agent learner(agent);
  learner.reset(1, kSeed);
  std::vector<float> observation(static_cast<std::size_t>(agent.observation_size()));
  Action action;
  const Action standing;
  float way = 0;
  while (!alone.finished()) {
    const Vec3 before = alone.learner_avatar(0).feet;
    alone.observe(0, observation);
    learner.act(observation, {&action, 1});
    alone.step({&action, 1});
    seated.step({&standing, 1});
    REQUIRE(seated.expert_avatar().feet == alone.learner_avatar(0).feet);
    way += (alone.learner_avatar(0).feet - before).norm();
  }
  CHECK(way > 5);
  CHECK(seated.expert_score().unit_penalty_score == alone.learner_score(0).unit_penalty_score);
}

TEST_CASE("an agent in the expert's seat begins each episode with an empty memory, and draws by the seed") {
  const Agent agent = small_agent();
  const auto task = one_spawn();
  const LidarCaster caster(agent.lidar());
  const ExpertFactory experts = agent_experts(agent);
  const auto states = [&](std::uint64_t seed) {
    Episode episode(spec_of(*task), task, experts(*task, seed), caster);
    const Action standing;
    while (!episode.finished()) episode.step({&standing, 1});
    return episode.state_hash();
  };
  CHECK(states(1) == states(1));
  CHECK(states(1) != states(2));
}
