#pragma once

#include "sim/rewards/reward_rule.h"
#include "sim/task/task.h"

namespace medal {

GoalSet all_goals(const Task& task);
/// Goals that would pay if entered now.
GoalSet paying_goals(const Task& task, const GoalHistory& history);
/// Goals that would cost something if entered now.
GoalSet wrong_goals(const Task& task, const GoalHistory& history);

}  // namespace medal
