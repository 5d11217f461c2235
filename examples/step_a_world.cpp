// Steps worlds in which learners act at random, side by side. Component sim: no expert, no Torch.
#include <cstdio>
#include <vector>

#include "sim/base/random.h"
#include "sim/episode/batched_environment.h"

using namespace medal;

int main() {
  constexpr int kWorlds = 8;
  const EnvironmentOptions options;
  // What a world plays next: any pure function of its arguments. Curriculum::next is the one that trains.
  const auto next = [&](int world, std::int64_t episode) {
    EpisodeSpec spec;  // spec.parameters has every knob of the task
    spec.seed = spec.geometry_seed =
        mix_seed(1, static_cast<std::uint64_t>(world), static_cast<std::uint64_t>(episode));
    spec.steps = spec.parameters.episode_steps();
    spec.presence.resize(static_cast<std::size_t>(options.learners_per_world));
    return spec;
  };
  const auto no_expert = [](const Task&, std::uint64_t) { return nullptr; };
  BatchedEnvironment worlds(options, 0, kWorlds, next, no_expert);

  // The worlds write into our memory: row i is learner i's.
  const auto learners = static_cast<std::size_t>(worlds.learners());
  std::vector<float> observations(learners * static_cast<std::size_t>(worlds.observation_size()));
  std::vector<float> privileged(learners * kPrivilegedSize), rewards(learners);
  std::vector<std::uint8_t> terminated(learners), truncated(learners);
  const StepOutputs outputs{observations, privileged, rewards, terminated, truncated, {}};
  worlds.observe(outputs);
  Random random(1);
  std::vector<Action> actions(learners);
  for (int step = 0; step < TaskParameters().episode_steps(); ++step) {
    for (Action& action : actions) action.forward = 1.0F, action.turn = random.uniform(-1.0F, 1.0F);
    worlds.step(actions, outputs);
  }
  for (const EpisodeResult& result : worlds.take_results())
    std::printf("world %d: learner 0 scored %.0f\n", result.world, result.learners[0].reward);
}
