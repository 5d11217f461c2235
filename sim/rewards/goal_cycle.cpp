#include "sim/rewards/order.h"

namespace medal::reward_rules {

namespace {

float enter_in_cycle(float penalty, std::span<const int> order, int goal, GoalHistory& history) {
  if (goal == history.last_goal) return 0.0F;
  const bool first = history.last_goal < 0;
  const int step = first ? 0 : step_direction(order, history.last_goal, goal);
  const bool correct = first || (step != 0 && (history.direction == 0 || step == history.direction));
  history.last_goal = goal;
  history.direction = correct ? step : 0;  // a wrong goal counts as the first of a new run
  return correct ? pay(history) : punish(history, penalty);
}

}  // namespace

/// The first entry pays, and so does each next goal; a wrong one costs the penalty and then counts as the first;
/// re-entering the goal just left is free. The order and its reverse both pay: the second correct goal of a run fixes
/// its direction.
RewardRule goal_cycle() { return {enter_in_cycle, next_in_cycle, true}; }

}  // namespace medal::reward_rules
