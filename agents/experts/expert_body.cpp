#include "agents/experts/expert_body.h"

#include <bit>
#include <cmath>
#include <numbers>

#include "agents/experts/goal_choice.h"

namespace medal {
namespace {

float step_seconds(const PlayerView& view) { return 1.0F / view.task.parameters.control_rate; }

int steps_in(float seconds, const PlayerView& view) { return static_cast<int>(seconds / step_seconds(view)); }

/// Goals that change nothing when entered: the one just left, under rules where that is so. And the one the body is in
/// already.
GoalSet free_goals(const PlayerView& view) {
  GoalSet goals = view.self.inside_goal >= 0 ? GoalSet{1} << view.self.inside_goal : 0;
  if (view.history.last_goal >= 0) goals |= GoalSet{1} << view.history.last_goal;
  return goals & ~(paying_goals(view.task, view.history) | wrong_goals(view.task, view.history));
}

}  // namespace

ExpertBody::ExpertBody(const Task& task, std::uint64_t seed, NavmeshCache& cache)
    : navmesh_(task, *cache.ground(task)), random_(seed) {
  keep_outs_.reserve(task.goals.size());
}

Entered ExpertBody::notice_entry(const PlayerView& view) {
  const bool more_wrong = view.history.wrong > wrong_, more_right = view.history.correct > right_;
  if (!more_wrong && !more_right) return Entered::nothing;
  right_ = view.history.correct;
  wrong_ = view.history.wrong;
  target_.reset();
  return more_wrong ? Entered::wrong_goal : Entered::right_goal;
}

void ExpertBody::notice_progress(const PlayerView& view) {
  if (view.step % steps_in(kExpertHabits.stuck_seconds, view) != 0) return;
  const Vec2 position = view.self.feet.head<2>();
  const float least = kExpertHabits.stuck_distance * view.task.parameters.expert_speed;
  if (view.step > 0 && (position - watched_).norm() < least) {
    const float angle = random_.uniform(-std::numbers::pi_v<float>, std::numbers::pi_v<float>);
    escape_ = kAvatar.speed * Vec2(std::cos(angle), std::sin(angle));
    escape_until_ = view.step + steps_in(kExpertHabits.escape_seconds, view);
    target_.reset();
  }
  watched_ = position;
}

bool ExpertBody::needs_plan(const PlayerView& view) const {
  return !target_ || view.step - planned_at_ >= steps_in(kExpertHabits.replan_seconds, view);
}

bool ExpertBody::at_target(const PlayerView& view) const {
  return target_ && (target_->head<2>() - view.self.feet.head<2>()).norm() < kExpertHabits.arrival;
}

void ExpertBody::head_for(const PlayerView& view, GoalSet goals) {
  planned_at_ = view.step;
  if (target_ && (goals & target_goals_) != 0) goals &= target_goals_;
  std::optional<Path> best;
  for (GoalSet left = goals; left != 0; left &= left - 1) {
    const auto goal = static_cast<std::size_t>(std::countr_zero(left));
    const Vec3& center = view.task.goals[goal].center;
    Path path = navmesh_.find_path(view.self.feet, center, free_goals(view) | (GoalSet{1} << goal));
    if (path.waypoints.empty()) continue;
    if (best && (best->complete != path.complete ? best->complete : best->length <= path.length)) continue;
    best = std::move(path);
    target_ = center;
    target_goals_ = GoalSet{1} << goal;
  }
  if (!best) return;
  // Through the middle of the goal: the way in may have ended at its rim.
  best->waypoints.push_back({*target_, Passage::walk});
  follower_.start(std::move(*best));
}

void ExpertBody::wander(const PlayerView& view, GoalSet open) {
  planned_at_ = view.step;
  const float reach = view.task.terrain.half_size() - 1.0F;
  if (!target_ || at_target(view)) {
    const float x = random_.uniform(-reach, reach);
    const float y = random_.uniform(-reach, reach);
    target_ = navmesh_.nearest_ground({x, y, view.task.terrain.height(x, y)});
  }
  target_goals_ = open;
  follower_.start(navmesh_.find_path(view.self.feet, *target_, target_goals_ | free_goals(view)));
}

Action ExpertBody::act(const PlayerView& view) {
  FollowerWish wish = follower_.follow(view.self, kAvatar.speed * view.task.parameters.expert_speed);
  if (view.step < escape_until_) wish.velocity = escape_;
  list_keep_outs(view);
  const Vec2 velocity = keep_out(wish.velocity, view.self, keep_outs_, step_seconds(view));
  Action action = steer(velocity, view.self.yaw, step_seconds(view));
  if (wish.jump) action.jump = 1.0F;
  if (wish.crouch) action.crouch = 1.0F;
  on_link_ = wish.on_link;
  return action;
}

void ExpertBody::list_keep_outs(const PlayerView& view) {
  keep_outs_.clear();
  const GoalSet open = target_goals_ | free_goals(view);
  for (std::size_t g = 0; g < view.task.goals.size(); ++g)
    if (((open >> g) & 1U) == 0) keep_outs_.push_back({view.task.goals[g].center.head<2>(), view.task.goals[g].radius});
}

}  // namespace medal
