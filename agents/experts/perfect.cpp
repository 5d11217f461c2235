#include "agents/experts/goal_seeker.h"

namespace medal::experts {

/// Knows the order, always heads for the nearest goal that pays, and keeps out of all others on the way.
std::unique_ptr<Player> perfect(const Task& task, std::uint64_t seed, NavmeshCache& cache) {
  return std::make_unique<GoalSeeker>(task, seed, cache, [](const PlayerView& view, Entered, Random&) {
    return paying_goals(view.task, view.history);
  });
}

}  // namespace medal::experts
