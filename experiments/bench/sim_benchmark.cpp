#include <array>
#include <chrono>
#include <numeric>

#include "experiments/bench/benchmark.h"
#include "experiments/bench/plain_bullet.h"
#include "experiments/bench/report.h"
#include "experiments/bench/worlds.h"
#include "sim/base/random.h"
#include "sim/generation/generate_task.h"

namespace medal {
namespace {

constexpr int kWarmUpSteps = 50;
constexpr int kPlainWorlds = 8, kPlainSteps = 50;
constexpr const char* kWithoutPlain = "--without-plain";
constexpr std::array<const char*, 7> kStages = {"physics", "lidar",      "observation", "reward",
                                                "bot",     "generation", "other"};

/// What one run over an episode's length took, for each learner step.
struct Run {
  double rate = 0;                                ///< learner steps/s of processor time
  std::array<double, kStages.size()> parts = {};  ///< microseconds on the wall
};

Run run_worlds(BenchWorlds& worlds, int steps) {
  const StageSeconds before = worlds.environment().timing();
  const auto begin = std::chrono::steady_clock::now();
  const double seconds = seconds_of([&] {
    for (int s = 0; s < steps; ++s) worlds.step();
  });
  const std::chrono::duration<double> whole = std::chrono::steady_clock::now() - begin;
  StageSeconds stages = worlds.environment().timing();
  stages.add(before, -1);
  const double learner_steps = static_cast<double>(steps) * worlds.learners();
  Run run{learner_steps / seconds,
          {stages.physics, stages.lidar, stages.observation, stages.reward, stages.bot, stages.generation, 0}};
  run.parts.back() = whole.count() - std::accumulate(run.parts.begin(), run.parts.end(), 0.0);
  for (double& part : run.parts) part *= 1e6 / learner_steps;
  return run;
}

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

void bench_sim(const BenchSettings& settings, BenchReport& report) {
  const Config& config = settings.config;
  Config always_new = config;
  always_new.curriculum.geometry_reuse = 1;
  BenchWorlds worlds(config), new_worlds(always_new);
  const bool with_plain = settings.own.at(kWithoutPlain) == 0;
  const int steps = config.task.base.episode_steps();
  for (BenchWorlds* each : {&worlds, &new_worlds})
    for (int s = 0; s < kWarmUpSteps; ++s) each->step();

  std::vector<double> rates, plain_rates, ratios, new_rates, shares;
  std::array<std::vector<double>, kStages.size()> split;
  for (int repeat = 0; repeat < settings.repeats; ++repeat) {
    const Run run = run_worlds(worlds, steps);
    rates.push_back(run.rate);
    new_rates.push_back(run_worlds(new_worlds, steps).rate);
    if (with_plain) {
      plain_rates.push_back(plain_rate(config, static_cast<std::uint64_t>(repeat) + 1));
      ratios.push_back(rates.back() / plain_rates.back());
    }
    const auto all_but_other = std::accumulate(run.parts.begin(), run.parts.end() - 1, 0.0);
    shares.push_back(100 * run.parts[kStages.size() - 2] / all_but_other);
    for (std::size_t i = 0; i < kStages.size(); ++i) split[i].push_back(run.parts[i]);
  }
  report.add("sim.learner_steps_per_second", rates);
  if (with_plain) {
    report.add("sim.ratio_to_plain_bullet", ratios);
    report.add("sim.learner_steps_per_second.plain_bullet", plain_rates);
  }
  report.add("sim.learner_steps_per_second.new_geometries", new_rates);
  report.add("sim.generation_share", shares);
  for (std::size_t i = 0; i < kStages.size(); ++i) report.add(std::string("sim.microseconds.") + kStages[i], split[i]);
}

}  // namespace

Benchmark sim_benchmark() {
  constexpr std::string_view kEach = "us per learner step", kPlain = "unless --without-plain";
  return {.name = "sim",
          .sentence = "Worlds stepped with random actions, against plain Bullet; with the split over the stages",
          .results = {{"sim.learner_steps_per_second", "1/s"},
                      {"sim.ratio_to_plain_bullet", "", kPlain},
                      {"sim.learner_steps_per_second.plain_bullet", "1/s", kPlain},
                      {"sim.learner_steps_per_second.new_geometries", "1/s, a new geometry in each episode"},
                      {"sim.generation_share", "% of the simulator's time"},
                      {"sim.microseconds.physics", kEach},
                      {"sim.microseconds.lidar", kEach},
                      {"sim.microseconds.observation", kEach},
                      {"sim.microseconds.reward", kEach},
                      {"sim.microseconds.bot", kEach},
                      {"sim.microseconds.generation", kEach},
                      {"sim.microseconds.other", kEach}},
          .run = bench_sim,
          .options = {{kWithoutPlain, "Leave the comparison with plain Bullet out"}}};
}

}  // namespace medal
