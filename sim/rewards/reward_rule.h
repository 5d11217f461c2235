#pragma once

#include <span>

#include "sim/task/task_parameters.h"

namespace medal {

/// What one player has entered so far. Plain data; part of an episode's state. Whole numbers only: the episode's hash
/// takes all that is in here.
struct GoalHistory {
  int last_goal = -1;  ///< goal entered last, -1 for none
  int direction = 0;   ///< +1 or -1 once the run's direction is fixed, 0 before
  int progress = 0;    ///< how far along the order, for rules that count it: goal_sequence's index of its next goal
  int correct = 0;     ///< paid entries so far
  int wrong = 0;       ///< punished entries so far
  bool operator==(const GoalHistory&) const = default;
};

/// What a rule says. Each is a file of this room, which defines medal::reward_rules::NAME() for the NAME in
/// MEDAL_REWARD_RULES (sim/task/task_parameters.h); nobody else asks which rule it is.
struct RewardRule {
  /// Reward for entering `goal` (an outside -> inside event), and the history after it: `correct` or `wrong` is one
  /// more where the entry paid or cost something. `penalty` is the task's.
  float (*enter)(float penalty, std::span<const int> order, int goal, GoalHistory& history);
  /// See next_goals().
  bool (*next)(std::span<const int> order, const GoalHistory& history, int direction, std::span<int> goals);
  /// The order goes round: after its last goal comes its first.
  bool cyclic;
};
RewardRule reward_rule(RewardRuleKind kind);

/// Reward for entering `goal` by the task's rule, and the history after it.
float enter_goal(const TaskParameters& parameters, std::span<const int> order, int goal, GoalHistory& history);

/// Whether entering `goal` now would pay +1 (what an expert asks).
bool would_pay(const TaskParameters& parameters, std::span<const int> order, int goal, const GoalHistory& history);
/// Whether entering `goal` now would be a mistake.
bool would_cost(const TaskParameters& parameters, std::span<const int> order, int goal, const GoalHistory& history);

/// The goals that pay next, one after the other, as many as `goals` holds: in the direction of the present run, or in
/// `direction` (+1, -1) where it has none yet. False where that is not known, or where so many do not follow.
bool next_goals(const TaskParameters& parameters, std::span<const int> order, const GoalHistory& history, int direction,
                std::span<int> goals);

}  // namespace medal
