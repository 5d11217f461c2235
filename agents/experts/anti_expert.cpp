#include "agents/experts/goal_seeker.h"

namespace medal::experts {

/// Always heads for the nearest goal that costs something.
std::unique_ptr<Player> anti_expert(const Task& task, std::uint64_t seed, NavmeshCache& cache) {
  return std::make_unique<GoalSeeker>(
      task, seed, cache, [](const PlayerView& view, Entered, Random&) { return wrong_goals(view.task, view.history); });
}

}  // namespace medal::experts
