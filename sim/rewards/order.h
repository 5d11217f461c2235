#pragma once

#include <span>

#include "sim/rewards/reward_rule.h"

namespace medal {

// What rules are written with. `order` holds each goal once.

/// +1 where `to` follows `from` in the cycle, -1 where it precedes it, else 0.
int step_direction(std::span<const int> order, int from, int to);

/// The goals after the one entered last, round the cycle: in the direction of the run, in `direction` where it has
/// none. False where neither is known, or no goal was entered yet.
bool next_in_cycle(std::span<const int> order, const GoalHistory& history, int direction, std::span<int> goals);

/// Counts the entry, and gives its reward.
float pay(GoalHistory& history);
float punish(GoalHistory& history, float penalty);

}  // namespace medal
