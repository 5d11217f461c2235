#include "agents/experts/goal_seeker.h"

namespace medal::experts {

namespace {

/// Chance that a mistake is followed by another: mistakes come in runs, of two on average.
constexpr float kMistakePersistence = 0.5F;

}  // namespace

/// As perfect, but after a correct entry it heads for a wrong goal next with chance expert_noise, and after a wrong one
/// again with chance kMistakePersistence.
std::unique_ptr<Player> noisy(const Task& task, std::uint64_t seed, NavmeshCache& cache) {
  return std::make_unique<GoalSeeker>(
      task, seed, cache, [mistaken = false](const PlayerView& view, Entered entered, Random& random) mutable {
        if (entered != Entered::nothing)
          mistaken = random.bernoulli(entered == Entered::wrong_goal ? kMistakePersistence
                                                                     : view.task.parameters.expert_noise);
        return mistaken ? wrong_goals(view.task, view.history) : paying_goals(view.task, view.history);
      });
}

}  // namespace medal::experts
