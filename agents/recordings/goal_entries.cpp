#include "agents/recordings/goal_entries.h"

#include <algorithm>

namespace medal {
namespace {

int nearest_goal(const Task& task, const AvatarState& avatar) {
  const auto gap = [&](const Goal& goal) { return (goal.center - avatar.feet).head<2>().norm() - goal.radius; };
  const auto nearest = std::min_element(task.goals.begin(), task.goals.end(),
                                        [&](const Goal& a, const Goal& b) { return gap(a) < gap(b); });
  return static_cast<int>(nearest - task.goals.begin());
}

}  // namespace

/// The history counts entries and names the last goal, but not after each mistake: the nearest goal is the one then.
/// Two entries in one step, which takes goals that overlap, are both put down to the last.
void add_goal_entries(const Task& task, const AvatarState& avatar, const GoalHistory& before, const GoalHistory& now,
                      int step, std::vector<GoalEntry>& entries) {
  const int goal = now.last_goal != before.last_goal ? now.last_goal : nearest_goal(task, avatar);
  for (int i = before.correct; i < now.correct; ++i) entries.push_back({step, goal, 1});
  for (int i = before.wrong; i < now.wrong; ++i) entries.push_back({step, goal, -1});
}

}  // namespace medal
