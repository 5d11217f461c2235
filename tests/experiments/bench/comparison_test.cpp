#include "experiments/bench/comparison.h"

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>
#include <random>

#include "tests/support/catch.h"
#include "tests/support/file_helpers.h"
#include "tests/support/program_helpers.h"

using namespace medal;

namespace {

using Verdict = FigureChange::Verdict;

/// Figures of two programs on a noisy machine: `factor` of the old rate, noise of some per cent each, and rounds that
/// are slow as a whole.
std::vector<PairedFigure> measured(std::mt19937& random, std::size_t figures, int rounds, double factor, double noise,
                                   const std::string& unit = "1/s") {
  std::normal_distribution<double> normal;
  std::vector<PairedFigure> result(figures);
  for (std::size_t f = 0; f < figures; ++f) result[f] = {"figure" + std::to_string(f), unit, {}, {}};
  for (int round = 0; round < rounds; ++round) {
    const double machine = std::exp(0.3 * normal(random));
    for (PairedFigure& figure : result) {
      figure.before.push_back(1000 * machine * std::exp(noise * normal(random)));
      figure.now.push_back(1000 * machine * factor * std::exp(noise * normal(random)));
    }
  }
  return result;
}

}  // namespace

TEST_CASE("of twenty comparisons of equal programs about one calls a figure changed") {
  std::mt19937 random(1);
  int alarms = 0;
  for (int i = 0; i < 400; ++i) {
    const std::vector<FigureChange> changes = changes_of(measured(random, 10, 5, 1.0, 0.03));
    alarms += std::any_of(changes.begin(), changes.end(), [](const auto& c) { return c.verdict != Verdict::same; });
  }
  CHECK(alarms > 5);   // else it would be blind
  CHECK(alarms < 35);  // 20 wanted, three standard deviations of 4.4
}

TEST_CASE("what is a tenth slower is found, however much the machine itself changes between rounds") {
  std::mt19937 random(2);
  for (const FigureChange& change : changes_of(measured(random, 5, 5, 0.9, 0.01))) {
    CHECK(change.verdict == Verdict::slower);
    CHECK(std::abs(change.times - 0.9) < 0.02);
    CHECK(change.low < change.times);
    CHECK(change.times < change.high);
  }
}

TEST_CASE("a time that grows is slower, a rate that grows is faster") {
  std::mt19937 random(3);
  for (const std::string unit : {"1/s", "of two independent processes", ""})
    CHECK(changes_of(measured(random, 1, 6, 1.3, 0.01, unit))[0].verdict == Verdict::faster);
  for (const std::string unit : {"us per learner step", "MiB", "% of the rollouts"})
    CHECK(changes_of(measured(random, 1, 6, 1.3, 0.01, unit))[0].verdict == Verdict::slower);
}

TEST_CASE("medal bench --compare measures another program in turn with itself") {
  const TemporaryFolder folder("bench_compare");
  const std::string program = program_path().string();
  const ChildResult result = run_medal(folder.path, {"bench", "lidar", "--config", "smoke", "--repeats", "2",
                                                     "--compare", program, "--json", "changes.json"});
  INFO(result.errors);
  REQUIRE((result.exit_code == 0 || result.exit_code == 1));
  const nlohmann::json json = nlohmann::json::parse(content_of(folder.path / "changes.json"));
  CHECK(json.at("lidar.microseconds_per_observation").at("before").get<double>() > 0);

  const ChildResult missing =
      run_medal(folder.path, {"bench", "lidar", "--config", "smoke", "--compare", "no/such/medal"});
  CHECK(missing.exit_code == 2);
  CHECK(missing.errors.find("no/such/medal") != std::string::npos);
}
