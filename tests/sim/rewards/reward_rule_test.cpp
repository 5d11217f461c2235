#include "sim/rewards/reward_rule.h"

#include <algorithm>
#include <array>
#include <numeric>
#include <string>
#include <vector>

#include "sim/base/random.h"
#include "tests/support/catch.h"

using namespace medal;

namespace {

const std::vector<int> kOrder = {2, 0, 3, 1, 4};

float enter_all(const TaskParameters& parameters, std::initializer_list<int> goals, GoalHistory& history) {
  float sum = 0;
  for (int goal : goals) sum += enter_goal(parameters, kOrder, goal, history);
  return sum;
}

TaskParameters with_rule(RewardRuleKind rule) {
  TaskParameters parameters;
  parameters.reward_rule = rule;
  return parameters;
}

/// Which goals would pay and which would cost after these entries: "pays 0 4, costs 1 3".
std::string judged(RewardRuleKind rule, std::initializer_list<int> entries) {
  const TaskParameters parameters = with_rule(rule);
  GoalHistory history;
  enter_all(parameters, entries, history);
  std::string pays = "pays", costs = ", costs";
  for (int goal = 0; goal < 5; ++goal) {
    if (would_pay(parameters, kOrder, goal, history)) pays += " " + std::to_string(goal);
    if (would_cost(parameters, kOrder, goal, history)) costs += " " + std::to_string(goal);
  }
  return pays + costs;
}

/// Mean reward of an entry by a wanderer who takes any goal but the last one, at penalty 1.
double wanderers_mean(int goals) {
  TaskParameters parameters;
  std::vector<int> order(static_cast<std::size_t>(goals));
  std::iota(order.begin(), order.end(), 0);
  GoalHistory history;
  Random random(11);
  double sum = 0;
  constexpr int kEntries = 400'000;
  for (int i = 0; i < kEntries; ++i) {
    int goal = random.integer(0, goals - 1);
    while (goal == history.last_goal) goal = random.integer(0, goals - 1);
    sum += static_cast<double>(enter_goal(parameters, order, goal, history));
  }
  return sum / kEntries;
}

}  // namespace

TEST_CASE("goal_cycle: the order pays, and so does its reverse") {
  const TaskParameters parameters;
  GoalHistory forward, backward;
  CHECK(enter_all(parameters, {0, 3, 1, 4, 2, 0, 3}, forward) == 7);
  CHECK(forward.direction == 1);
  CHECK(enter_all(parameters, {0, 2, 4, 1, 3, 0}, backward) == 6);
  CHECK(backward.direction == -1);
  CHECK(backward.wrong == 0);
}

TEST_CASE("goal_cycle: a wrong goal costs the penalty and restarts the cycle") {
  TaskParameters parameters;
  parameters.penalty = 0.6F;
  GoalHistory history;
  enter_all(parameters, {2, 0}, history);
  CHECK(enter_goal(parameters, kOrder, 1, history) == Approx(-0.6));
  CHECK(history.direction == 0);
  // From the wrong goal on, both of its neighbours pay again.
  CHECK(would_pay(parameters, kOrder, 3, history));
  CHECK(would_pay(parameters, kOrder, 4, history));
  CHECK(enter_all(parameters, {3, 0}, history) == 2);
  CHECK(history.correct == 4);
  CHECK(history.wrong == 1);
}

TEST_CASE("goal_cycle: turning back costs once the direction is fixed, and re-entry of the last goal is free") {
  const TaskParameters parameters;
  GoalHistory history;
  enter_all(parameters, {2, 0}, history);
  CHECK(enter_goal(parameters, kOrder, 0, history) == 0);
  CHECK(history.correct == 2);
  CHECK(enter_goal(parameters, kOrder, 2, history) == -1);
}

TEST_CASE("ndousse: one direction, 1.5 for every mistake, mistakes change nothing") {
  TaskParameters parameters;
  parameters.reward_rule = RewardRuleKind::ndousse;
  parameters.penalty = 0.1F;
  GoalHistory history;
  CHECK(enter_all(parameters, {2, 0}, history) == 2);
  CHECK(enter_goal(parameters, kOrder, 0, history) == -1.5F);
  CHECK(enter_goal(parameters, kOrder, 2, history) == -1.5F);
  CHECK(enter_goal(parameters, kOrder, 4, history) == -1.5F);
  CHECK(enter_goal(parameters, kOrder, 3, history) == 1);
  CHECK(history.wrong == 3);
}

TEST_CASE("goal_sequence: only the next goal pays and nothing does after the end") {
  TaskParameters parameters;
  parameters.reward_rule = RewardRuleKind::goal_sequence;
  GoalHistory history;
  CHECK(enter_goal(parameters, kOrder, 0, history) == -1);
  CHECK(enter_all(parameters, {2, 0, 3}, history) == 3);
  CHECK(enter_goal(parameters, kOrder, 4, history) == -1);
  CHECK(enter_all(parameters, {1, 4}, history) == 2);
  CHECK(enter_all(parameters, {2, 0, 3, 1, 4}, history) == 0);
}

// The first entry of a run that follows a mistake has two right neighbours of n - 1; later entries one of n - 1.
TEST_CASE("a blind wanderer earns nothing with 4 goals and loses with more") {
  CHECK(wanderers_mean(4) == Approx(0.0).margin(0.006));
  CHECK(wanderers_mean(5) == Approx(-0.2).margin(0.006));
  CHECK(wanderers_mean(6) == Approx(-1.0 / 3.0).margin(0.006));
}

TEST_CASE("which goals would pay and which would cost is what each rule says of the order 2 0 3 1 4") {
  constexpr RewardRuleKind cycle = RewardRuleKind::goal_cycle, ndousse = RewardRuleKind::ndousse,
                           sequence = RewardRuleKind::goal_sequence;
  CHECK(judged(cycle, {}) == "pays 0 1 2 3 4, costs");
  CHECK(judged(cycle, {2}) == "pays 0 4, costs 1 3");
  CHECK(judged(cycle, {2, 0}) == "pays 3, costs 1 2 4");
  CHECK(judged(cycle, {0, 2}) == "pays 4, costs 0 1 3");
  CHECK(judged(cycle, {2, 0, 1}) == "pays 3 4, costs 0 2");
  CHECK(judged(ndousse, {}) == "pays 0 1 2 3 4, costs");
  CHECK(judged(ndousse, {2}) == "pays 0, costs 1 2 3 4");
  CHECK(judged(ndousse, {2, 0, 4}) == "pays 3, costs 0 1 2 4");
  CHECK(judged(sequence, {}) == "pays 2, costs 0 1 3 4");
  CHECK(judged(sequence, {2, 0, 4}) == "pays 3, costs 0 1 2 4");
  CHECK(judged(sequence, {2, 0, 3, 1, 4}) == "pays, costs");
}

TEST_CASE("asking what a goal would pay changes nothing, and entering it does what was said") {
  for (std::size_t rule = 0; rule < kRewardRuleNames.size(); ++rule) {
    const TaskParameters parameters = with_rule(static_cast<RewardRuleKind>(rule));
    GoalHistory history;
    Random random(3);
    int paid = 0, cost = 0;
    for (int i = 0; i < 500; ++i) {
      if (i % 20 == 0) history = {};
      const int goal = random.integer(0, 4);
      const GoalHistory before = history;
      const bool pays = would_pay(parameters, kOrder, goal, history),
                 costs = would_cost(parameters, kOrder, goal, history);
      REQUIRE(history == before);
      const float reward = enter_goal(parameters, kOrder, goal, history);
      REQUIRE((reward == 1) == pays);
      REQUIRE((reward < 0) == costs);
      REQUIRE(history.correct == before.correct + (pays ? 1 : 0));
      REQUIRE(history.wrong == before.wrong + (costs ? 1 : 0));
      paid += pays;
      cost += costs;
    }
    CHECK(paid > 20);
    CHECK(cost > 20);
  }
}

TEST_CASE("an order that goes round pays its first goal after its last, one that ends does not") {
  for (std::size_t rule = 0; rule < kRewardRuleNames.size(); ++rule) {
    INFO(kRewardRuleNames[rule]);
    const TaskParameters parameters = with_rule(static_cast<RewardRuleKind>(rule));
    GoalHistory history;
    REQUIRE(enter_all(parameters, {2, 0, 3, 1, 4}, history) == 5);
    CHECK(would_pay(parameters, kOrder, 2, history) == reward_rule(parameters.reward_rule).cyclic);
  }
  CHECK(reward_rule(RewardRuleKind::goal_cycle).cyclic);
  CHECK_FALSE(reward_rule(RewardRuleKind::goal_sequence).cyclic);
}

TEST_CASE("the next goals are those that pay when they are entered one after the other") {
  TaskParameters parameters;
  Random random(12);
  for (RewardRuleKind rule : {RewardRuleKind::goal_cycle, RewardRuleKind::ndousse, RewardRuleKind::goal_sequence}) {
    parameters.reward_rule = rule;
    GoalHistory history;
    int known = 0;
    for (int entry = 0; entry < 500; ++entry) {
      enter_goal(parameters, kOrder, random.integer(0, 4), history);
      if (rule == RewardRuleKind::goal_sequence && entry % 20 == 0) history = {};  // it has an end
      const int direction = rule == RewardRuleKind::ndousse || random.uniform() < 0.5F ? 1 : -1;
      std::array<int, 3> next{};
      if (!next_goals(parameters, kOrder, history, direction, next)) continue;
      ++known;
      GoalHistory tried = history;
      for (int goal : next) CHECK(enter_goal(parameters, kOrder, goal, tried) == 1);
      if (rule == RewardRuleKind::goal_cycle)
        CHECK(tried.direction == (history.direction ? history.direction : direction));
    }
    CHECK(known > 100);
  }
}

TEST_CASE("no next goal is known before the first entry, without a direction, or near the end of a sequence") {
  TaskParameters parameters;
  std::array<int, 3> next{};
  CHECK(!next_goals(parameters, kOrder, {}, 1, next));
  GoalHistory history;
  enter_all(parameters, {3}, history);
  CHECK(!next_goals(parameters, kOrder, history, 0, next));
  CHECK(next_goals(parameters, kOrder, history, -1, next));
  CHECK(next == std::array{0, 2, 4});
  parameters.reward_rule = RewardRuleKind::goal_sequence;
  history = {};
  history.progress = 3;
  CHECK(!next_goals(parameters, kOrder, history, 1, next));
}
