#include "experiments/bench/benchmarks.h"
#include "experiments/bench/worlds.h"

namespace medal {
namespace {

constexpr int kSpreadSteps = 100;  // until learners and experts are all over their worlds
constexpr int kPasses = 200;

}  // namespace

void bench_lidar(const BenchSettings& settings, BenchReport& report) {
  BenchWorlds worlds(settings.config);
  for (int s = 0; s < kSpreadSteps; ++s) worlds.step();
  const BatchedEnvironment& environment = worlds.environment();
  std::vector<LidarScene> scenes;
  for (int w = 0; w < environment.worlds(); ++w) scenes.emplace_back(environment.episode(w).task());

  std::vector<RayHit> hits(static_cast<std::size_t>(settings.config.environment.lidar.rays()));
  for (SimdPath path : {SimdPath::portable, SimdPath::avx2, SimdPath::avx512}) {
    if (path > best_simd_path()) break;
    const LidarCaster caster(settings.config.environment.lidar, path);
    const auto cast_all = [&] {
      for (int w = 0; w < environment.worlds(); ++w) {
        const Episode& episode = environment.episode(w);
        const LidarAvatar expert{episode.expert_avatar().feet, episode.expert_avatar().height()};
        for (int k = 0; k < episode.learners(); ++k) {
          const AvatarState& self = episode.learner_avatar(k);
          caster.cast(scenes[static_cast<std::size_t>(w)], self.eye(), self.yaw, {&expert, 1}, hits);
        }
      }
    };
    cast_all();
    std::vector<double> samples;
    for (int repeat = 0; repeat < settings.repeats; ++repeat) {
      const double seconds = seconds_of([&] {
        for (int pass = 0; pass < kPasses; ++pass) cast_all();
      });
      samples.push_back(1e6 * seconds / (kPasses * worlds.learners()));
    }
    const bool used = path == best_simd_path();
    report.add("lidar.microseconds_per_observation" + (used ? "" : "." + std::string(simd_path_name(path))), "us",
               samples);
  }
}

}  // namespace medal
