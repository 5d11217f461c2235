#pragma once

#include <functional>

#include "agents/experts/expert_body.h"
#include "agents/experts/goal_choice.h"

namespace medal {

/// Goals that an expert would head for now; asked at every step. `entered`: since the step before.
using GoalChoice = std::function<GoalSet(const PlayerView& view, Entered entered, Random& random)>;

/// An expert that heads for the nearest of the goals that it chooses and keeps out of all others on the way. Where it
/// chooses none it takes those that pay, and where none pays it wanders.
class GoalSeeker final : public Player {
 public:
  GoalSeeker(const Task& task, std::uint64_t seed, NavmeshCache& cache, GoalChoice choose)
      : body_(task, seed, cache), choose_(std::move(choose)) {}

  Action act(const PlayerView& view) override;

 private:
  ExpertBody body_;
  GoalChoice choose_;
};

}  // namespace medal
