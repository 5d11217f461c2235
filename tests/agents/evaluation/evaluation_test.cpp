#include "agents/evaluation/evaluation.h"

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>

#include "agents/layers/initial_weights.h"
#include "agents/network/network.h"
#include "sim/episode/observation.h"
#include "tests/support/catch.h"
#include "tests/support/random_policy.h"

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

TaskScores scores(std::uint64_t seed, const FourScores& four, int goals = 5) { return {four, seed, goals, {}}; }

}  // namespace

TEST_CASE("a perfect recaller has transmission 1, a perfect follower 0.75, a soloist 0") {
  const EvaluationOptions options;
  CHECK(summarise({scores(1, {50, 50, 0, 50})}, 0, options).ct.mean == Approx(1.0));
  CHECK(summarise({scores(1, {50, 25, 0, 50})}, 0, options).ct.mean == Approx(0.75));
  CHECK(summarise({scores(1, {30, 30, 30, 50})}, 0, options).ct.mean == Approx(0.0));
}

TEST_CASE("transmission divides the means, not task by task") {
  // Means: full 30, half 20, solo 5, expert 40 -> (25 + 15) / 80.
  const auto result = summarise({scores(1, {10, 10, 0, 20}), scores(2, {50, 30, 10, 60})}, 0, EvaluationOptions{});
  CHECK(result.ct.mean == Approx(0.5));
  CHECK(result.full.mean == Approx(30));
  CHECK(result.full_share.mean == Approx(30.0 / 40));
  CHECK(result.half_share.mean == Approx(20.0 / 40));
}

TEST_CASE("the bootstrap interval has the width of the standard error") {
  Random random(3);
  std::vector<TaskScores> tasks;
  for (int i = 0; i < 400; ++i) tasks.push_back(scores(1, {20 + 4 * random.normal(), 0, 0, 40}));
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

TEST_CASE("a held-out task's scores are its own, however many others are played with it") {
  const LidarOptions lidar;
  seed_weights(5);
  const Agent agent(std::make_shared<Network>(NetworkOptions{}, observation_layout(lidar)), lidar);
  EvaluationOptions options = few_tasks();
  options.minimum_expert_score = -1e6;
  TaskDistribution tasks = easy_tasks();
  tasks.base.episode_seconds = 10;
  const auto first_tasks_of = [&](const BatchPolicy& policy, int count) {
    options.tasks = count;
    const auto result = evaluate(policy, tasks, options, lidar);
    std::vector<double> numbers;
    for (std::size_t i = 0; i < 3; ++i)
      for (const double number : {result.tasks[i].full, result.tasks[i].half, result.tasks[i].solo})
        numbers.push_back(number);
    return numbers;
  };
  for (const BatchPolicy& policy : {random_policy(1), agent_policy(agent, true, 1)}) {
    const std::vector<double> alone = first_tasks_of(policy, 3);
    CHECK(first_tasks_of(policy, 4) == alone);
    CHECK(first_tasks_of(policy, 33) == alone);
  }
}

TEST_CASE("tasks that nobody could be scored in are found out before anything is trained") {
  EvaluationOptions options = few_tasks();
  check_held_out_tasks(easy_tasks(), options);
  options.minimum_expert_score = 1000;
  CHECK_THROWS_WITH(check_held_out_tasks(easy_tasks(), options), has_text("lower evaluation.minimum_expert_score"));
  TaskDistribution crowded = easy_tasks();
  crowded.base.arena_size = 8;
  crowded.base.goals = 8;
  crowded.base.goal_spacing = 8;
  CHECK_THROWS_WITH(check_held_out_tasks(crowded, few_tasks()), has_text("lower goals"));
}

TEST_CASE("the JSON of an evaluation keeps its contract") {
  const auto json =
      nlohmann::json::parse(evaluation_to_json(summarise({scores(1, {5, 4, 3, 9})}, 2, EvaluationOptions{})));
  CHECK(json.at("tasks") == 1);
  CHECK(json.at("rejected") == 2);
  for (const char* key : {"mean", "low", "high"}) CHECK(json.at("ct").contains(key));
  for (const char* key : {"full", "half", "solo", "expert"}) CHECK(json.at("score").at(key).contains("mean"));
}

TEST_CASE("tasks are told apart by their number of goals") {
  const auto result =
      summarise({scores(1, {40, 20, 0, 40}, 6), scores(2, {10, 10, 0, 20}, 4), scores(3, {30, 10, 0, 20}, 4)}, 0,
                EvaluationOptions{});
  REQUIRE(result.by_goals.size() == 2);
  CHECK(result.by_goals[0].goals == 4);
  CHECK(result.by_goals[0].tasks == 2);
  CHECK(result.by_goals[0].full_share.mean == Approx(1));
  CHECK(result.by_goals[0].half_share.mean == Approx(0.5));
  CHECK(result.by_goals[0].ct.mean == Approx(0.75));
  CHECK(result.by_goals[1].goals == 6);
}

TEST_CASE("what is scored grows along the timeline up to the result, and all tasks' experts are scored until the end") {
  const LidarOptions lidar;
  EvaluationOptions options = few_tasks();
  options.tasks = 4;
  TaskDistribution tasks = easy_tasks();
  tasks.base.episode_seconds = 25;
  const auto result = evaluate(random_policy(1), tasks, options, lidar);
  for (const TaskScores& task : result.tasks) {
    REQUIRE(task.timeline.size() == 3);  // 10, 20, 25 s
    CHECK(task.timeline[0].expert < task.timeline[1].expert);
    CHECK(task.timeline[1].expert <= task.expert);
    CHECK(task.timeline[2].expert == task.expert);
    CHECK(task.timeline[2].half == task.half);
  }
}

TEST_CASE("under half presence the expert leaves when it is told to, else at half-time") {
  // Whoever stands still until it sees no expert, and then spins, shows when that was.
  const LidarOptions lidar;
  const int avatar = observation_layout(lidar).find("lidar_avatar")->offset;
  const auto steps_until_gone = [&](double leave_seconds) {
    EvaluationOptions options = few_tasks();
    options.tasks = 1;
    options.leave_seconds = leave_seconds;
    int step = 0, gone = 0;
    const BatchPolicy watcher = {
        [](std::span<const std::uint64_t>) {},
        [&](std::span<const float> observations, std::span<Action> actions) {
          const std::size_t row = observations.size() / actions.size();
          const auto half = observations.subspan(row, row).subspan(static_cast<std::size_t>(avatar));
          if (std::any_of(half.begin(), half.begin() + lidar.rays(), [](float ray) { return ray > 0; })) gone = step;
          ++step;
          for (Action& action : actions) action = {};
        }};
    evaluate(watcher, easy_tasks(), options, lidar);
    return gone;
  };
  CHECK(steps_until_gone(0) == Approx(100).margin(15));  // of 200; it may be hidden for some steps before
  CHECK(steps_until_gone(5) == Approx(50).margin(15));
}
