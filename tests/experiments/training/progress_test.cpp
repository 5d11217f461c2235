#include "experiments/training/progress.h"

#include <cstdio>

#include "tests/support/catch.h"
#include "tests/support/file_helpers.h"

using namespace medal;

namespace {

/// Of an iteration that took as long as 20 steps of the display.
IterationResult result_of(std::int64_t iteration, double score) {
  IterationResult result;
  result.iteration = iteration;
  result.steps = iteration * 1'000'000;
  result.elapsed_seconds = 20.0 * static_cast<double>(iteration);
  result.episodes = 1;
  result.episode_means.add("score/all", score);
  result.episode_means.add("score/expert", 40);
  result.episode_means.add("correct", 9);
  result.episode_means.add("wrong", 2);
  result.numbers = {{"loss/policy", -0.25}, {"loss/attention", 0.085}, {"loss/curiosity", 0.5}, {"penalty", 1}};
  result.phases.simulate = 3;
  result.phases.learn = 1;
  result.phases.stages.physics = 1;
  result.phases.stages.lidar = 2;
  return result;
}

/// What a display that is no terminal prints of these iterations.
std::string lines_of(const std::vector<IterationResult>& results) {
  const TemporaryFolder folder("progress");
  std::FILE* out = std::fopen((folder.path / "out").c_str(), "w");
  TrainingOptions run;
  run.steps = 10'000'000;
  ProgressDisplay display(out, run, "runs/a", 1);
  for (const IterationResult& result : results) display.show(result);
  std::fclose(out);
  return content_of(folder.path / "out");
}

}  // namespace

TEST_CASE("a duration is told in the units that matter") {
  CHECK(duration_text(7.4) == "7 s");
  CHECK(duration_text(412) == "6 min 52 s");
  CHECK(duration_text(3 * 3600 + 5 * 60) == "3 h 05 min");
}

TEST_CASE("progress shows every loss there is, the expert's place in metres, and shares of time") {
  const std::string line = lines_of({result_of(1, 10), result_of(2, 20)});
  INFO(line);
  CHECK(line.find("  2.00 M of 10.00 M steps  50.0 k steps/s  2 min 40 s left") == 0);
  CHECK(line.find("policy -0.250  expert's place 0.85 m off on each axis  curiosity 0.500  |") != std::string::npos);
  CHECK(line.find("simulate 75 % (physics 25, lidar 50, bot 0, new tasks 0)  policy 0 %  learn 25 %") !=
        std::string::npos);
}

TEST_CASE("progress averages scores over episodes, not over iterations, and leaves out a sitting's first") {
  std::vector<IterationResult> results = {result_of(1, 10), result_of(2, 20), result_of(3, 20)};
  results[2].episode_means.add("score/all", 35);
  const std::string lines = lines_of(results);
  INFO(lines);
  CHECK(lines.substr(lines.find('\n')).find("score 25.0 of the expert's 40.0  (right 9.0, wrong 2.0 an episode)") !=
        std::string::npos);
}
