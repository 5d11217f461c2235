#include "sim/rewards/order.h"

#include <algorithm>

#include "sim/base/error.h"

namespace medal {

namespace {

int position_in_order(std::span<const int> order, int goal) {
  const auto found = std::find(order.begin(), order.end(), goal);
  MEDAL_CHECK(found != order.end(), "goal is not in the order");
  return static_cast<int>(found - order.begin());
}

}  // namespace

int step_direction(std::span<const int> order, int from, int to) {
  const int count = static_cast<int>(order.size());
  const int steps = (position_in_order(order, to) - position_in_order(order, from) + count) % count;
  if (steps == 1) return 1;
  return steps == count - 1 ? -1 : 0;
}

bool next_in_cycle(std::span<const int> order, const GoalHistory& history, int direction, std::span<int> goals) {
  const int step = history.direction != 0 ? history.direction : direction;
  if (history.last_goal < 0 || step == 0) return false;
  const int count = static_cast<int>(order.size());
  int position = position_in_order(order, history.last_goal);
  for (int& goal : goals) {
    position = (position + step + count) % count;
    goal = order[static_cast<std::size_t>(position)];
  }
  return true;
}

float pay(GoalHistory& history) {
  ++history.correct;
  return 1.0F;
}

float punish(GoalHistory& history, float penalty) {
  ++history.wrong;
  return -penalty;
}

}  // namespace medal
