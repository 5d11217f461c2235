#pragma once

#include <vector>

#include "experiments/card/worlds/worlds.h"

namespace medal {

/// What one learner had in mind at a step, and what was so.
struct MindStep {
  std::vector<float> cells;  ///< of its memory, with this step in it (AgentInsight::memory)
  bool seen = false;         ///< it is shown the expert
  bool inside = false;       ///< it is inside a goal
  int last_goal = -1;        ///< that it has entered, -1 for none
  int next_goal = -1;        ///< that comes next, the way round that it goes; -1 where it has none
};

/// A learner's episode, step by step.
struct Mind {
  std::shared_ptr<const Task> task;
  std::vector<MindStep> steps;
};

/// Plays as play_tasks does and looks into the agent: [task], each with its learners' minds in the order of the worlds.
/// The subject must be an agent.
std::vector<std::vector<Mind>> play_minds(const Subject& subject, int seed, int tasks, const WorldMaker& make);

/// The subject with some cells of its memory held at values.
Subject with_held_cells(const Subject& subject, std::vector<HeldCell> cells);

}  // namespace medal
