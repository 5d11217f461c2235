#include "sim/rewards/order.h"

namespace medal::reward_rules {

namespace {

float enter_in_sequence(float penalty, std::span<const int> order, int goal, GoalHistory& history) {
  if (history.progress >= static_cast<int>(order.size())) return 0.0F;  // no goal is right or wrong any more
  if (order[static_cast<std::size_t>(history.progress)] != goal) return punish(history, penalty);
  ++history.progress;
  history.last_goal = goal;
  return pay(history);
}

bool next_in_sequence(std::span<const int> order, const GoalHistory& history, int, std::span<int> goals) {
  auto position = static_cast<std::size_t>(history.progress);
  if (position + goals.size() > order.size()) return false;
  for (int& goal : goals) goal = order[position++];
  return true;
}

}  // namespace

/// The order is a sequence, and only its next goal pays; a mistake costs the penalty and changes nothing else; after
/// its end nothing pays.
RewardRule goal_sequence() { return {enter_in_sequence, next_in_sequence, false}; }

}  // namespace medal::reward_rules
