#include "experiments/metrics/phases.h"

#include <fstream>

#include "tests/support/catch.h"
#include "tests/support/file_helpers.h"

using namespace medal;

TEST_CASE("a phase begins with the first of two successive evaluations that show it") {
  const std::vector<EvaluationPoint> points = {{1, 0.0, 0.0, 0.0},   {2, 0.5, 0.25, 0.0}, {3, 0.1, 0.05, 0.0},
                                               {4, 0.6, 0.3, 0.0},   {5, 0.8, 0.4, 0.02}, {6, 0.8, 0.6, 0.1},
                                               {7, 0.8, 0.75, 0.05}, {8, 0.9, 0.8, 0.12}, {9, 0.9, 0.85, 0.3}};
  const TrainingPhases phases = detect_phases(points);
  CHECK(phases.following == 4);  // once at 2 is chance
  CHECK(phases.recalling == 6);
  CHECK(phases.experimenting == 8);
  const auto json = phases_to_json(points);
  CHECK(json.at("recalling") == 6);
  CHECK(json.at("points").size() == points.size());
  CHECK(phases_table({4'010'000, {}, 6'000'000}).find("| following | 4.01 |\n| recalling | not reached |") !=
        std::string::npos);
}

TEST_CASE("a perfect follower without memory does not recall, and one that needs nobody does not follow") {
  CHECK(recall_share({0, 1.0, 0.5, 0.0}) == Approx(0));
  CHECK(recall_share({0, 1.0, 1.0, 0.0}) == Approx(1));
  const TrainingPhases follower = detect_phases({{1, 1, 0.5, 0}, {2, 1, 0.5, 0}});
  CHECK(follower.following == 1);
  CHECK(!follower.recalling);
  const TrainingPhases loner = detect_phases({{1, 0.9, 0.9, 0.9}, {2, 0.9, 0.9, 0.9}});
  CHECK(!loner.following);
  CHECK(loner.experimenting == 1);
  CHECK(phases_to_json({}).at("following").is_null());
}

TEST_CASE("evaluations are read from the metrics of a run as shares of the expert's score") {
  const TemporaryFolder folder("phases");
  std::ofstream(folder.path / "metrics.jsonl")
      << R"({"steps":5,"score":{"all":1}})"
      << "\n"
      << R"({"steps":6,"evaluation":{"full":{"mean":30},"half":{"mean":20},"solo":{"mean":-5},"expert":{"mean":40}}})"
      << "\n"
      << R"({"steps":7,"evaluation":{"full":{"me)";
  const auto points = evaluation_points(folder.path / "metrics.jsonl");
  REQUIRE(points.size() == 1);
  CHECK(points[0].steps == 6);
  CHECK(points[0].full == 0.75);
  CHECK(points[0].half == 0.5);
  CHECK(points[0].solo == -0.125);
}
