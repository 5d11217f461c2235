#include "agents/experts/goal_choice.h"

namespace medal {
namespace {

template <class Accept>
GoalSet goals_where(const Task& task, Accept&& accept) {
  GoalSet goals = 0;
  for (int g = 0; g < static_cast<int>(task.goals.size()); ++g)
    if (accept(g)) goals |= GoalSet{1} << g;
  return goals;
}

}  // namespace

GoalSet all_goals(const Task& task) {
  return goals_where(task, [](int) { return true; });
}

GoalSet paying_goals(const Task& task, const GoalHistory& history) {
  return goals_where(task, [&](int goal) { return would_pay(task.parameters, task.order, goal, history); });
}

GoalSet wrong_goals(const Task& task, const GoalHistory& history) {
  return goals_where(task, [&](int goal) { return would_cost(task.parameters, task.order, goal, history); });
}

}  // namespace medal
