#include "sim/episode/reward_rule.h"

#include <algorithm>

#include "sim/base/error.h"

namespace medal {

namespace {

constexpr float kNdoussePenalty = 1.5F;

int position_in_order(std::span<const int> order, int goal) {
  const auto found = std::find(order.begin(), order.end(), goal);
  MEDAL_CHECK(found != order.end(), "goal is not in the order");
  return static_cast<int>(found - order.begin());
}

/// +1 where `to` follows `from` in the cycle, -1 where it precedes it, else 0.
int step_direction(std::span<const int> order, int from, int to) {
  const int count = static_cast<int>(order.size());
  const int steps = (position_in_order(order, to) - position_in_order(order, from) + count) % count;
  if (steps == 1) return 1;
  return steps == count - 1 ? -1 : 0;
}

float pay(GoalHistory& history) {
  ++history.correct;
  return 1.0F;
}

float punish(GoalHistory& history, float penalty) {
  ++history.wrong;
  return -penalty;
}

float enter_goal_cycle(float penalty, std::span<const int> order, int goal, GoalHistory& history) {
  if (goal == history.last_goal) return 0.0F;
  const bool first = history.last_goal < 0;
  const int step = first ? 0 : step_direction(order, history.last_goal, goal);
  const bool correct = first || (step != 0 && (history.direction == 0 || step == history.direction));
  history.last_goal = goal;
  history.direction = correct ? step : 0;  // a wrong goal counts as the first of a new run
  return correct ? pay(history) : punish(history, penalty);
}

float enter_ndousse(std::span<const int> order, int goal, GoalHistory& history) {
  if (history.last_goal >= 0 && step_direction(order, history.last_goal, goal) != 1)
    return punish(history, kNdoussePenalty);
  history.direction = history.last_goal < 0 ? 0 : 1;
  history.last_goal = goal;
  return pay(history);
}

float enter_goal_sequence(float penalty, std::span<const int> order, int goal, GoalHistory& history) {
  if (history.sequence_next >= static_cast<int>(order.size())) return 0.0F;  // no goal is right or wrong any more
  if (order[static_cast<std::size_t>(history.sequence_next)] != goal) return punish(history, penalty);
  ++history.sequence_next;
  history.last_goal = goal;
  return pay(history);
}

}  // namespace

float enter_goal(const TaskParameters& parameters, std::span<const int> order, int goal, GoalHistory& history) {
  switch (parameters.reward_rule) {
    case RewardRuleKind::goal_cycle:
      return enter_goal_cycle(parameters.penalty, order, goal, history);
    case RewardRuleKind::ndousse:
      return enter_ndousse(order, goal, history);
    case RewardRuleKind::goal_sequence:
      return enter_goal_sequence(parameters.penalty, order, goal, history);
  }
  MEDAL_CHECK(false, "unknown reward rule");
  return 0.0F;
}

bool would_pay(const TaskParameters& parameters, std::span<const int> order, int goal, const GoalHistory& history) {
  GoalHistory tried = history;
  enter_goal(parameters, order, goal, tried);
  return tried.correct > history.correct;
}

bool next_goals(const TaskParameters& parameters, std::span<const int> order, const GoalHistory& history, int direction,
                std::span<int> goals) {
  const int count = static_cast<int>(order.size());
  int position = history.sequence_next, step = 1;
  if (parameters.reward_rule == RewardRuleKind::goal_sequence) {
    if (position + static_cast<int>(goals.size()) > count) return false;
  } else {
    step = history.direction != 0 ? history.direction : direction;
    if (history.last_goal < 0 || step == 0) return false;
    position = position_in_order(order, history.last_goal) + step + count;
  }
  for (int& goal : goals) {
    goal = order[static_cast<std::size_t>(position % count)];
    position += step + count;
  }
  return true;
}

}  // namespace medal
