#pragma once

#include <Eigen/Core>
#include <span>
#include <vector>

#include "experiments/card/numbers/linear_probe.h"
#include "experiments/card/worlds/minds.h"

namespace medal {

/// Steps of some minds, below each other.
struct MindRows {
  Eigen::MatrixXf cells;  ///< [step, cell]
  std::vector<const MindStep*> steps;

  std::vector<bool> marks(bool MindStep::*mark) const;
};
MindRows rows_of(std::span<const Mind> minds);

/// Tasks that probes and cells are chosen on, and those that they are judged on.
struct MindHalves {
  std::vector<Mind> chosen_on;               ///< all learners
  std::vector<std::vector<Mind>> judged_on;  ///< [task]
};

/// How well a linear probe of the memory tells the marked steps from the others (separation), in the tasks that it was
/// not fitted to; each task by itself.
Interval probe(const MindHalves& halves, bool MindStep::*mark);
/// The same of a single cell, by its value.
Interval probe_by_cell(const MindHalves& halves, bool MindStep::*mark, std::size_t cell);
/// A probe for the colour of the goal that comes next: share of the steps at which, of all goals but the one entered
/// last, that goal's colour is nearest to what the probe says.
Interval probe_next_goal(const MindHalves& halves);

}  // namespace medal
