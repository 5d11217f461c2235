#pragma once

#include <vector>

#include "sim/rewards/reward_rule.h"
#include "sim/task/avatar.h"
#include "sim/task/task.h"

namespace medal {

/// One paid or punished entry into a goal.
struct GoalEntry {
  int step = 0;  ///< control steps done when it first counted
  int goal = 0;
  int reward = 0;  ///< +1 or -1, at penalty 1
  bool operator==(const GoalEntry&) const = default;
};

/// Appends the entries that one control step added to a player's history; `avatar` is the player's after it.
void add_goal_entries(const Task& task, const AvatarState& avatar, const GoalHistory& before, const GoalHistory& now,
                      int step, std::vector<GoalEntry>& entries);

}  // namespace medal
