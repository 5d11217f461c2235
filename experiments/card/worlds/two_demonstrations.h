#pragma once

#include "agents/navigation/navmesh_cache.h"
#include "sim/episode/player.h"

namespace medal {

/// Shows the order of one task until a step, then that of another on the same ground, each as a perfect expert does.
/// Which of them pays in the world that it walks in is no matter to it.
class TwoDemonstrations final : public Player {
 public:
  TwoDemonstrations(const Task& first, const Task& second, int switch_step, std::uint64_t seed,
                    NavmeshCache& navmeshes);

  Action act(const PlayerView& view) override;

 private:
  struct Demonstration {
    Task task;
    std::unique_ptr<Player> expert;
  };
  static Demonstration demonstration_of(const Task& task, std::uint64_t seed, NavmeshCache& navmeshes);

  Demonstration first_, second_;
  int switch_step_;
  int last_goal_ = -1;
  GoalHistory history_;  ///< by the order that is shown
};

}  // namespace medal
