#include <array>
#include <numeric>

#include "experiments/bench/benchmarks.h"
#include "experiments/bench/plain_bullet.h"
#include "experiments/bench/worlds.h"
#include "sim/base/random.h"
#include "sim/generation/generate_task.h"

namespace medal {
namespace {

constexpr int kWarmUpSteps = 50;
constexpr int kPlainWorlds = 8, kPlainSteps = 50;

/// Learner steps per second of the plain way: as many learners and rays in each world, over fewer worlds and steps.
double plain_rate(const Config& config, std::uint64_t seed) {
  const int learners = config.environment.learners_per_world;
  Random random(seed);
  std::vector<Task> tasks;
  for (int w = 0; w < kPlainWorlds; ++w)
    tasks.push_back(generate_task(sample_task_parameters(config.task, 0, random), mix_seed(seed, w)));
  std::vector<std::unique_ptr<PlainBulletWorld>> worlds;
  for (const Task& task : tasks)
    worlds.push_back(std::make_unique<PlainBulletWorld>(task, learners, config.environment.lidar));
  const auto avatars = static_cast<std::size_t>(learners) + 1;
  const std::vector<Action> actions = random_actions(avatars * kPlainWorlds * 2 * kPlainSteps, seed);
  std::vector<float> row(static_cast<std::size_t>(observation_size(config.environment.lidar)));
  const Action* next = actions.data();
  const auto run = [&] {
    for (int step = 0; step < kPlainSteps; ++step)
      for (const auto& world : worlds) {
        world->step({next, avatars});
        next += avatars;
        for (int k = 0; k < learners; ++k) world->observe(k, row);
      }
  };
  run();  // avatars have landed and spread
  return kPlainWorlds * kPlainSteps * learners / seconds_of(run);
}

}  // namespace

void bench_sim(const BenchSettings& settings, BenchReport& report) {
  const Config& config = settings.config;
  BenchWorlds worlds(config);
  const int steps = config.task.base.episode_steps();
  for (int s = 0; s < kWarmUpSteps; ++s) worlds.step();

  std::vector<double> rates, ratios, shares;
  std::array<std::vector<double>, 6> split;
  for (int repeat = 0; repeat < settings.repeats; ++repeat) {
    const StageSeconds before = worlds.environment().timing();
    const double seconds = seconds_of([&] {
      for (int s = 0; s < steps; ++s) worlds.step();
    });
    StageSeconds stages = worlds.environment().timing();
    stages.add(before, -1);
    const double learner_steps = static_cast<double>(steps) * worlds.learners();
    rates.push_back(learner_steps / seconds);
    if (settings.plain_bullet)
      ratios.push_back(rates.back() / plain_rate(config, static_cast<std::uint64_t>(repeat) + 1));
    const std::array<double, 6> parts = {stages.physics, stages.lidar, stages.observation,
                                         stages.reward,  stages.bot,   stages.generation};
    shares.push_back(100 * stages.generation / std::accumulate(parts.begin(), parts.end(), 0.0));
    for (std::size_t i = 0; i < split.size(); ++i) split[i].push_back(1e6 * parts[i] / learner_steps);
  }
  report.add("sim.learner_steps_per_second", "1/s", rates);
  if (settings.plain_bullet) report.add("sim.ratio_to_plain_bullet", "", ratios);
  report.add("sim.generation_share", "% of the simulator's time", shares);
  const char* names[] = {"physics", "lidar", "observation", "reward", "bot", "generation"};
  for (std::size_t i = 0; i < split.size(); ++i)
    report.add(std::string("sim.microseconds.") + names[i], "us per learner step", split[i]);
}

}  // namespace medal
