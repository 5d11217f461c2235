#include "sim/rewards/order.h"

namespace medal::reward_rules {

namespace {

constexpr float kPenalty = 1.5F;

float enter_in_turn(float, std::span<const int> order, int goal, GoalHistory& history) {
  if (history.last_goal >= 0 && step_direction(order, history.last_goal, goal) != 1) return punish(history, kPenalty);
  history.direction = history.last_goal < 0 ? 0 : 1;
  history.last_goal = goal;
  return pay(history);
}

}  // namespace

/// Ndousse et al. 2021: one direction, penalty 1.5 whatever the task's is, re-entry of the last goal costs it too, and
/// a mistake leaves the history as it was.
RewardRule ndousse() { return {enter_in_turn, next_in_cycle, true}; }

}  // namespace medal::reward_rules
