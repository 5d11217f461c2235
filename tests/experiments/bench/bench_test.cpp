#include <cmath>
#include <nlohmann/json.hpp>

#include "experiments/bench/benchmark.h"
#include "experiments/bench/plain_bullet.h"
#include "experiments/bench/report.h"
#include "sim/episode/episode.h"
#include "sim/generation/generate_task.h"
#include "tests/support/catch.h"
#include "tests/support/file_helpers.h"
#include "tests/support/program_helpers.h"

using namespace medal;

namespace {

/// The results that `medal bench NAME` writes for a small configuration.
nlohmann::json bench(const std::string& name, const std::vector<std::string>& more = {}) {
  const TemporaryFolder folder("bench_" + name);
  std::vector<std::string> arguments = {"bench", name, "--config", "smoke", "--json", "bench.json"};
  arguments.insert(arguments.end(), more.begin(), more.end());
  const ChildResult result = run_medal(folder.path, arguments);
  INFO(result.errors);
  REQUIRE(result.exit_code == 0);
  const nlohmann::json json = nlohmann::json::parse(content_of(folder.path / "bench.json"));
  for (const char* key : {"worlds", "learners_per_world", "substeps", "azimuths", "pitches", "simd", "blas"})
    CHECK(json.at("config").contains(key));
  return json.at("results");
}

}  // namespace

TEST_CASE("every benchmark writes the figures that it names, with median, spread and unit") {
  for (const Benchmark& benchmark : benchmarks()) {
    std::vector<std::string> quick = {"--repeats", "2"};
    for (const BenchOption& option : benchmark.options)
      if (option.number) quick.insert(quick.end(), {std::string(option.name), std::to_string(option.number->low)});
    nlohmann::json results = bench(std::string(benchmark.name), quick);
    for (const BenchResult& result : benchmark.results) {
      INFO(result.name);
      const std::string name(result.name);
      CHECK(name.starts_with(std::string(benchmark.name) + "."));
      if (!result.when.empty() && !results.contains(name)) continue;
      const nlohmann::json figure = results.at(name);
      const double median = figure.at("median").get<double>();
      // So short a run may end no episode: then no time goes into new ones.
      CHECK((name.find(".microseconds.") == std::string::npos && !name.ends_with("share") ? median > 0 : median >= 0));
      CHECK(figure.at("min").get<double>() <= median);
      CHECK(median <= figure.at("max").get<double>());
      CHECK(figure.at("unit").get<std::string>() == result.unit);
      results.erase(name);
    }
    CHECK(results.empty());
  }
}

TEST_CASE("the figures that scripts rely on are there") {
  const auto gives = [](const std::string& name) {
    for (const Benchmark& benchmark : benchmarks())
      for (const BenchResult& result : benchmark.results)
        if (result.name == name) return true;
    return false;
  };
  for (const char* name :
       {"sim.learner_steps_per_second", "sim.ratio_to_plain_bullet", "sim.generation_share",
        "lidar.microseconds_per_observation", "policy.forwards_per_second", "learner.samples_per_second",
        "train.learner_steps_per_second_per_core", "train.two_rank_scaling"}) {
    INFO(name);
    CHECK(gives(name));
  }
}

TEST_CASE("the stages of a simulator's step take no more than the whole") {
  // One repeat, so that all figures are of the same steps.
  const nlohmann::json results = bench("sim", {"--without-plain", "--repeats", "1"});
  CHECK_FALSE(results.contains("sim.ratio_to_plain_bullet"));
  for (const char* stage : {"physics", "lidar", "observation", "reward", "bot", "generation", "other"}) {
    INFO(stage);  // other: what is left of the whole when the stages are taken off
    CHECK(results.at(std::string("sim.microseconds.") + stage).at("median").get<double>() > 0);
  }
}

TEST_CASE("a benchmark that is refused says what would do") {
  const TemporaryFolder folder("bench_refused");
  const auto refusal = [&](const std::vector<std::string>& arguments) {
    const ChildResult result = run_medal(folder.path, arguments);
    CHECK(result.exit_code == 2);
    return result.errors;
  };
  CHECK(refusal({"bench"}).find("sim, lidar, policy") != std::string::npos);
  CHECK(refusal({"bench", "smi"}).find("no benchmark 'smi'; there are sim, lidar") != std::string::npos);
  CHECK(refusal({"bench", "lidar", "--seconds", "1"}).find("--seconds") != std::string::npos);
  CHECK(refusal({"bench", "lidar", "--set", "run.device=cuda"}).find("bench train --set") != std::string::npos);
  unsetenv("MEDAL_ROOT");  // `./medal test` sets it, and then a record would be written into this very clone
  CHECK(refusal({"bench", "lidar", "--record"}).find("run it by ./medal") != std::string::npos);
  CHECK(refusal({"bench", "lidar", "--record", "--set", "lidar.azimuths=8"}).find("leave out --set") !=
        std::string::npos);
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
