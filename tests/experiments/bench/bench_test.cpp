#include <array>
#include <cmath>
#include <nlohmann/json.hpp>

#include "experiments/bench/plain_bullet.h"
#include "experiments/bench/report.h"
#include "sim/episode/episode.h"
#include "sim/generation/generate_task.h"
#include "tests/support/catch.h"
#include "tests/support/file_helpers.h"
#include "tests/support/program_helpers.h"

using namespace medal;

namespace {

/// What `medal bench WHAT` writes for a small configuration.
nlohmann::json bench(const std::string& what, const std::vector<std::string>& more = {}) {
  const TemporaryFolder folder("bench_" + what);
  std::vector<std::string> arguments = {"bench", what, "--config", "smoke", "--repeats", "2", "--json", "bench.json"};
  arguments.insert(arguments.end(), more.begin(), more.end());
  const ChildResult result = run_medal(folder.path, arguments);
  INFO(result.errors);
  REQUIRE(result.exit_code == 0);
  std::ifstream file(folder.path / "bench.json");
  return nlohmann::json::parse(file);
}

}  // namespace

TEST_CASE("every benchmark writes its figures with median, spread, unit and configuration") {
  const std::array<std::pair<std::string, std::vector<std::string>>, 5> expected = {
      {{"sim", {"sim.learner_steps_per_second", "sim.ratio_to_plain_bullet", "sim.generation_share"}},
       {"lidar", {"lidar.microseconds_per_observation"}},
       {"policy", {"policy.forwards_per_second"}},
       {"learner", {"learner.samples_per_second"}},
       {"train", {"train.learner_steps_per_second_per_core", "train.two_rank_scaling", "train.resident_memory"}}}};
  for (const auto& [what, names] : expected) {
    const nlohmann::json json = bench(what, {"--seconds", "0.1"});
    for (const char* key : {"worlds", "learners_per_world", "substeps", "azimuths", "pitches", "simd", "blas"})
      CHECK(json.at("config").contains(key));
    for (const std::string& name : names) {
      INFO(name);
      const nlohmann::json& figure = json.at("results").at(name);
      CHECK(figure.at("median").get<double>() > 0.0);
      CHECK(figure.at("min").get<double>() <= figure.at("median").get<double>());
      CHECK(figure.at("median").get<double>() <= figure.at("max").get<double>());
      CHECK(figure.contains("unit"));
    }
  }
}

TEST_CASE("the stages of a simulator's step make up what it takes") {
  const nlohmann::json results = bench("sim", {"--without-plain"}).at("results");
  CHECK_FALSE(results.contains("sim.ratio_to_plain_bullet"));
  double stages = 0;
  for (const char* stage : {"physics", "lidar", "observation", "reward", "bot", "generation"})
    stages += results.at(std::string("sim.microseconds.") + stage).at("median").get<double>();
  const double whole = 1e6 / results.at("sim.learner_steps_per_second").at("median").get<double>();
  // The stages count the clock on the wall, the whole the processor's time: on a busy machine they differ.
  CHECK(stages < 3 * whole);
  CHECK(stages > 0.5 * whole);
}

TEST_CASE("the plain Bullet world shows a learner what the simulator shows it") {
  const LidarOptions options;
  const LidarCaster caster(options);
  const auto rays = static_cast<std::size_t>(options.rays());
  std::size_t compared = 0, different = 0;
  for (std::uint64_t seed = 1; seed <= 5; ++seed) {
    const auto task = std::make_shared<const Task>(generate_task(TaskParameters{}, seed));
    EpisodeSpec spec;
    spec.parameters = task->parameters;
    spec.presence.assign(4, {PresenceKind::full, true, {}});
    const Episode episode(spec, task, nullptr, caster);
    PlainBulletWorld plain(*task, 4, options);
    std::vector<float> own(static_cast<std::size_t>(observation_size(options))), other(own.size());
    for (int k = 0; k < 4; ++k) {
      episode.observe(k, own);
      plain.observe(k, other);
      for (std::size_t i = 0; i < 10 * rays; ++i, ++compared) different += std::abs(own[i] - other[i]) > 0.02F;
    }
  }
  // Bullet's convex casts of boxes are not exact: they stop early, or meet a grazed edge.
  CHECK(static_cast<double>(different) < 0.01 * static_cast<double>(compared));
}

TEST_CASE("a median is the middle of the samples") {
  CHECK(median({3, 1, 2}) == 2);
  CHECK(median({4, 1, 2, 3}) == 2.5);
}
