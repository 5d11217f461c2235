#include "agents/experts/goal_seeker.h"

namespace medal::experts {

/// Right until half-time, then as the anti-expert: trust that was earned and is not deserved.
std::unique_ptr<Player> turns_bad(const Task& task, std::uint64_t seed, NavmeshCache& cache) {
  return std::make_unique<GoalSeeker>(task, seed, cache, [](const PlayerView& view, Entered, Random&) {
    const bool bad = 2 * view.step >= view.task.parameters.episode_steps();
    return bad ? wrong_goals(view.task, view.history) : paying_goals(view.task, view.history);
  });
}

}  // namespace medal::experts
