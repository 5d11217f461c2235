#pragma once

#include <span>

#include "sim/task/task_parameters.h"

namespace medal {

/// What one player has entered so far. Plain data; part of an episode's state.
struct GoalHistory {
  int last_goal = -1;     ///< goal entered last, -1 for none
  int direction = 0;      ///< +1 or -1 once the run's direction is fixed, 0 before
  int sequence_next = 0;  ///< goal_sequence only: index into the order of the next goal that pays
  int correct = 0;        ///< paid entries so far
  int wrong = 0;          ///< punished entries so far
};

/// Reward for entering `goal` (an outside -> inside event), and the history after it. Presets:
/// - goal_cycle: first entry +1; a correct next goal +1; a wrong one -penalty, and it then counts as the first;
///   re-entering the goal just left 0. The order and its reverse both pay; the second correct goal of a run fixes its
///   direction.
/// - ndousse (Ndousse et al. 2021): one direction, penalty 1.5 (whatever the knob says), re-entry of the last goal
/// costs it
///   too, a mistake leaves the history as it was.
/// - goal_sequence: `order` is a sequence and only its next goal pays; a mistake costs the penalty and changes nothing
/// else;
///   after its end nothing pays.
float enter_goal(const TaskParameters& parameters, std::span<const int> order, int goal, GoalHistory& history);

/// Whether entering `goal` now would pay +1 (what an expert asks).
bool would_pay(const TaskParameters& parameters, std::span<const int> order, int goal, const GoalHistory& history);

/// The goals that pay next, one after the other, as many as `goals` holds: in the direction of the present run, or in
/// `direction` (+1, -1) where it has none yet. False where that is not known, or where so many do not follow.
bool next_goals(const TaskParameters& parameters, std::span<const int> order, const GoalHistory& history, int direction,
                std::span<int> goals);

}  // namespace medal
