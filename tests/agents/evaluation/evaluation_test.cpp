#include "agents/evaluation/evaluation.h"

#include <cmath>
#include <nlohmann/json.hpp>

#include "tests/support/catch.h"

using namespace medal;

namespace {

TaskDistribution easy_tasks() {
  TaskDistribution tasks;
  tasks.base.arena_size = 14;
  tasks.base.bumpiness = 0.2F;
  tasks.base.upright_density = tasks.base.low_bar_density = tasks.base.overhead_bar_density = 0;
  tasks.base.episode_seconds = 20;
  return tasks;
}

EvaluationOptions few_tasks() {
  EvaluationOptions options;
  options.tasks = 24;
  options.minimum_expert_score = 3;
  options.bootstrap_samples = 500;
  return options;
}

}  // namespace

TEST_CASE("a perfect recaller has transmission 1, a perfect follower 0.75, a soloist 0") {
  const EvaluationOptions options;
  CHECK(summarise({{1, 50, 50, 0, 50}}, 0, options).ct.mean == Approx(1.0));
  CHECK(summarise({{1, 50, 25, 0, 50}}, 0, options).ct.mean == Approx(0.75));
  CHECK(summarise({{1, 30, 30, 30, 50}}, 0, options).ct.mean == Approx(0.0));
}

TEST_CASE("transmission divides the means, not task by task") {
  // Means: full 30, half 20, solo 5, expert 40 -> (25 + 15) / 80.
  const auto result = summarise({{1, 10, 10, 0, 20}, {2, 50, 30, 10, 60}}, 0, EvaluationOptions{});
  CHECK(result.ct.mean == Approx(0.5));
  CHECK(result.full.mean == Approx(30));
}

TEST_CASE("the bootstrap interval has the width of the standard error") {
  Random random(3);
  std::vector<TaskScores> tasks;
  for (int i = 0; i < 400; ++i) tasks.push_back({1, 20 + 4 * random.normal(), 0, 0, 40});
  EvaluationOptions options;
  const auto result = summarise(tasks, 0, options);
  // 1.96 * 4 / sqrt(400) = 0.392 on either side; within a quarter of that.
  CHECK(result.full.high - result.full.mean == Approx(0.392).epsilon(0.25));
  CHECK(result.full.mean - result.full.low == Approx(0.392).epsilon(0.25));
}

TEST_CASE("a random policy shows no transmission while the expert scores in every task") {
  const LidarOptions lidar;
  const auto result = evaluate(random_policy(1), easy_tasks(), few_tasks(), lidar);
  CHECK(result.tasks.size() == 24);
  CHECK(std::abs(result.ct.mean) < 0.15);
  CHECK(result.expert.mean > 8);
  for (const TaskScores& task : result.tasks) CHECK(task.expert >= 3);
}

TEST_CASE("evaluation repeats exactly and its seed shifts the tasks") {
  const LidarOptions lidar;
  EvaluationOptions options = few_tasks();
  options.tasks = 6;
  const auto a = evaluate(random_policy(1), easy_tasks(), options, lidar);
  const auto b = evaluate(random_policy(1), easy_tasks(), options, lidar);
  CHECK(evaluation_to_json(a) == evaluation_to_json(b));
  options.seed = 1;
  const auto c = evaluate(random_policy(1), easy_tasks(), options, lidar);
  CHECK(a.tasks[0].seed != c.tasks[0].seed);
}

TEST_CASE("the JSON of an evaluation keeps its contract") {
  const auto json = nlohmann::json::parse(evaluation_to_json(summarise({{1, 5, 4, 3, 9}}, 2, EvaluationOptions{})));
  CHECK(json.at("tasks") == 1);
  CHECK(json.at("rejected") == 2);
  for (const char* key : {"mean", "low", "high"}) CHECK(json.at("ct").contains(key));
  for (const char* key : {"full", "half", "solo", "expert"}) CHECK(json.at("score").at(key).contains("mean"));
}
