#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "agents/navigation/navmesh.h"
#include "agents/navigation/navmesh_cache.h"
#include "agents/navigation/path_follower.h"
#include "agents/navigation/steering.h"
#include "sim/base/random.h"
#include "sim/episode/player.h"

namespace medal {

/// How experts walk. Chosen by trying, so that no task of full difficulty holds one up for long; not learnt, and no
/// knobs, so that an expert is the same in all tasks.
struct ExpertHabits {
  float replan_seconds = 1.0F;  ///< between looks for a shorter way
  float arrival = 1.0F;         ///< m from a point wandered to that counts as there
  float stuck_seconds = 1.5F;   ///< in which less way than stuck_distance is no progress
  float stuck_distance = 0.4F;  ///< m, at full speed
  float escape_seconds = 0.6F;  ///< for which it steps aside then
};
inline constexpr ExpertHabits kExpertHabits;

/// What a player did in a step.
enum class Entered { nothing, right_goal, wrong_goal };

/// The legs of an expert: walks to goals and points along the navmesh, over and under bars, keeps out of goals on the
/// way, and steps aside where it is stuck. A kind of expert owns one and says where to go. Each step, in this order:
/// notice_entry, notice_progress, perhaps one of head_for and wander, act.
class ExpertBody {
 public:
  ExpertBody(const Task& task, std::uint64_t seed, NavmeshCache& cache);

  /// What was entered since the last step; it asks for a new target, right or wrong.
  Entered notice_entry(const PlayerView& view);
  /// Where it is stuck, it drops its target and steps aside, at random.
  void notice_progress(const PlayerView& view);

  /// Not while it crosses a bar.
  bool may_plan() const { return !on_link_; }
  /// It has no target, or has not looked for a shorter way for a while.
  bool needs_plan(const PlayerView& view) const;
  bool at_target(const PlayerView& view) const;

  /// To the nearest of `goals` (not empty); once under way to one of them, no second thoughts.
  void head_for(const PlayerView& view, GoalSet goals);
  /// To a random point of the ground, and to the next one when it is there; through the goals in `open`.
  void wander(const PlayerView& view, GoalSet open);

  /// One step on the way.
  Action act(const PlayerView& view);

  Random& random() { return random_; }

 private:
  void list_keep_outs(const PlayerView& view);

  Navmesh navmesh_;
  PathFollower follower_;
  std::vector<KeepOut> keep_outs_;
  Random random_;
  std::optional<Vec3> target_;
  GoalSet target_goals_ = 0;  ///< those that the way to the target may cross
  int planned_at_ = 0;        ///< step
  int right_ = 0, wrong_ = 0;
  bool on_link_ = false;
  Vec2 watched_ = Vec2::Zero();  ///< where it was when progress was looked at last
  Vec2 escape_ = Vec2::Zero();   ///< m/s
  int escape_until_ = 0;         ///< step
};

}  // namespace medal
