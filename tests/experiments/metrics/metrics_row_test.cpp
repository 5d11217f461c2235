#include "experiments/metrics/metrics_row.h"

#include "tests/support/catch.h"

using namespace medal;

namespace {

IterationResult example() {
  IterationResult result;
  result.iteration = 3;
  result.steps = 24576;
  result.elapsed_seconds = 4.5;
  result.steps_per_second = 5000;
  result.episodes = 2;
  for (const double score : {3.0, 5.0}) {
    result.episode_means.add("score/all", score);
    result.episode_means.add("score/markov", score);
    result.episode_means.add("reward", score - 1);
  }
  result.episode_means.add("score/expert", 9);
  result.numbers = {{"loss/policy", -0.5}, {"loss/posture_prior", 0.25}, {"learning_rate", 0.001}, {"penalty", 0.6}};
  result.phases = {0.5, 0.25, 0.125, 0, 0.0625, {1, 2, 3, 4, 5, 6}};
  return result;
}

}  // namespace

TEST_CASE("a row of metrics has every number of an iteration at the path that is its name") {
  CHECK(metrics_row(example()).dump() ==
        R"({"steps":24576,"iteration":3,"elapsed_seconds":4.5,"steps_per_second":5000.0,"episodes":2,)"
        R"("score":{"all":4.0,"markov":4.0,"expert":9.0},"reward":3.0,)"
        R"("loss":{"policy":-0.5,"posture_prior":0.25},"learning_rate":0.001,"penalty":0.6,)"
        R"("time":{"simulate":0.5,"policy":0.25,"learn":0.125,"communicate":0.0,"other":0.0625,)"
        R"("bot":1.0,"physics":2.0,"reward":3.0,"lidar":4.0,"observation":5.0,"generation":6.0}})");
}

TEST_CASE("a row tells of ADR's ranges and numbers where there are any") {
  IterationResult result = example();
  CHECK(!metrics_row(result).contains("adr"));
  result.numbers["adr/entropy"] = 0.75;
  result.adr_ranges = {{"goals", 4, 6}};
  CHECK(metrics_row(result).at("adr").dump() == R"({"entropy":0.75,"ranges":{"goals":[4.0,6.0]}})");
}

TEST_CASE("a row of an evaluation has mean and interval of each measure") {
  EvaluationResult result;
  result.tasks.resize(5);
  result.ct = {0.5, 0.25, 0.75};
  result.full = {3, 2, 4};
  result.half = {2, 1, 3};
  result.solo = {-1, -2, 0};
  result.expert = {4, 4, 4};
  CHECK(
      evaluation_row(100, result).dump() ==
      R"({"steps":100,"evaluation":{"ct":{"mean":0.5,"low":0.25,"high":0.75},"full":{"mean":3.0,"low":2.0,"high":4.0},)"
      R"("half":{"mean":2.0,"low":1.0,"high":3.0},"solo":{"mean":-1.0,"low":-2.0,"high":0.0},)"
      R"("expert":{"mean":4.0,"low":4.0,"high":4.0},"tasks":5}})");
}
