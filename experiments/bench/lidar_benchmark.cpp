#include "experiments/bench/benchmark.h"
#include "experiments/bench/plain_bullet.h"
#include "experiments/bench/report.h"
#include "experiments/bench/worlds.h"

namespace medal {
namespace {

constexpr int kPasses = 200;
constexpr int kBulletWorlds = 8, kBulletPasses = 5;

/// Microseconds for each observation, of `pass`, which makes `observations` of them.
std::vector<double> microseconds_of(const BenchSettings& settings, int passes, int observations,
                                    const std::function<void()>& pass) {
  pass();
  std::vector<double> samples;
  for (int repeat = 0; repeat < settings.repeats; ++repeat)
    samples.push_back(1e6 / (passes * observations) * seconds_of([&] {
                        for (int i = 0; i < passes; ++i) pass();
                      }));
  return samples;
}

std::vector<double> measure_path(const BenchSettings& settings, const BenchWorlds& worlds, SimdPath path) {
  const BatchedEnvironment& environment = worlds.environment();
  std::vector<LidarScene> scenes;
  for (int w = 0; w < environment.worlds(); ++w) scenes.emplace_back(environment.episode(w).task());
  std::vector<RayHit> hits(static_cast<std::size_t>(settings.config.environment.lidar.rays()));
  const LidarCaster caster(settings.config.environment.lidar, path);
  return microseconds_of(settings, kPasses, worlds.learners(), [&] {
    for (int w = 0; w < environment.worlds(); ++w) {
      const Episode& episode = environment.episode(w);
      const LidarAvatar expert{episode.expert_avatar().feet, episode.expert_avatar().height()};
      for (int k = 0; k < episode.learners(); ++k) {
        const AvatarState& self = episode.learner_avatar(k);
        caster.cast(scenes[static_cast<std::size_t>(w)], self.eye(), self.yaw, {&expert, 1}, hits);
      }
    }
  });
}

/// The same worlds in Bullet, a `rayTest` for each ray; with the writing of the observation, which is little beside it.
std::vector<double> measure_ray_test(const BenchSettings& settings, const BenchWorlds& worlds) {
  const BatchedEnvironment& environment = worlds.environment();
  const int learners = settings.config.environment.learners_per_world;
  const int count = std::min(kBulletWorlds, environment.worlds());
  const auto avatars = static_cast<std::size_t>(learners) + 1;
  const std::vector<Action> actions = random_actions(avatars * kSpreadSteps, 1);
  std::vector<std::unique_ptr<PlainBulletWorld>> plain;
  for (int w = 0; w < count; ++w) {
    plain.push_back(
        std::make_unique<PlainBulletWorld>(environment.episode(w).task(), learners, settings.config.environment.lidar));
    for (std::size_t s = 0; s < kSpreadSteps; ++s) plain.back()->step({actions.data() + s * avatars, avatars});
  }
  std::vector<float> row(static_cast<std::size_t>(environment.observation_size()));
  return microseconds_of(settings, kBulletPasses, count * learners, [&] {
    for (const auto& world : plain)
      for (int k = 0; k < learners; ++k) world->observe(k, row);
  });
}

void bench_lidar(const BenchSettings& settings, BenchReport& report) {
  BenchWorlds worlds(settings.config);
  worlds.spread();
  for (SimdPath path : {SimdPath::portable, SimdPath::avx2, SimdPath::avx512}) {
    if (path > best_simd_path()) break;
    const std::vector<double> samples = measure_path(settings, worlds, path);
    report.add("lidar.microseconds_per_observation." + std::string(simd_path_name(path)), samples);
    if (path == best_simd_path()) report.add("lidar.microseconds_per_observation", samples);
  }
  report.add("lidar.microseconds_per_observation.ray_test", measure_ray_test(settings, worlds));
}

}  // namespace

Benchmark lidar_benchmark() {
  return {.name = "lidar",
          .sentence = "LIDAR alone, on every vector path that this processor has, and by Bullet's rayTest",
          .results = {{"lidar.microseconds_per_observation", "us"},
                      {"lidar.microseconds_per_observation.portable", "us"},
                      {"lidar.microseconds_per_observation.avx2", "us", "where the processor has AVX2"},
                      {"lidar.microseconds_per_observation.avx512", "us", "where the processor has AVX-512"},
                      {"lidar.microseconds_per_observation.ray_test", "us, one Bullet rayTest for each ray"}},
          .run = bench_lidar};
}

}  // namespace medal
