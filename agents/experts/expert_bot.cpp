#include "agents/experts/expert_bot.h"

#include <bit>
#include <cmath>
#include <numbers>
#include <optional>

#include "agents/experts/goal_choice.h"
#include "agents/navigation/navmesh.h"
#include "agents/navigation/path_follower.h"
#include "agents/navigation/steering.h"
#include "sim/base/error.h"

namespace medal {
namespace {

constexpr float kReplanSeconds = 1.0F;
constexpr float kMistakePersistence = 0.5F;
constexpr float kArrival = 1.0F;        // m from a random walker's target
constexpr float kStuckDistance = 0.4F;  // m: less than this in kStuckSeconds is no progress
constexpr float kStuckSeconds = 1.5F;
constexpr float kEscapeSeconds = 0.6F;

class ExpertBot final : public Player {
 public:
  ExpertBot(const Task& task, std::uint64_t seed, NavmeshCache& cache)
      : navmesh_(task, *cache.ground(task)), kind_(task.parameters.expert), random_(seed) {
    keep_outs_.reserve(task.goals.size());
  }

  Action act(const PlayerView& view) override {
    const float seconds = 1.0F / view.task.parameters.control_rate;
    notice_entries(view);
    watch_progress(view, seconds);
    if (needs_path(view, seconds)) plan(view);

    const float speed = kAvatar.speed * view.task.parameters.expert_speed;
    FollowerWish wish = follower_.follow(view.self, speed);
    if (view.step < escape_until_) wish.velocity = escape_;
    list_keep_outs(view);
    const Vec2 velocity = keep_out(wish.velocity, view.self, keep_outs_, seconds);
    Action action = steer(velocity, view.self.yaw, seconds);
    if (wish.jump) action.jump = 1.0F;
    if (wish.crouch) action.crouch = 1.0F;
    on_link_ = wish.on_link;
    return action;
  }

 private:
  /// An entry, right or wrong, asks for a new target.
  void notice_entries(const PlayerView& view) {
    const int entries = view.history.correct + view.history.wrong;
    if (entries == entries_) return;
    if (kind_ == ExpertKind::noisy)
      mistaken_ =
          random_.bernoulli(view.history.wrong > wrong_ ? kMistakePersistence : view.task.parameters.expert_noise);
    entries_ = entries;
    wrong_ = view.history.wrong;
    target_.reset();
  }

  /// Steps aside, at random, where nothing else helps.
  void watch_progress(const PlayerView& view, float seconds) {
    const int window = static_cast<int>(kStuckSeconds / seconds);
    if (view.step % window != 0) return;
    const Vec2 position = view.self.feet.head<2>();
    if (view.step > 0 && (position - watched_).norm() < kStuckDistance * view.task.parameters.expert_speed) {
      const float angle = random_.uniform(-std::numbers::pi_v<float>, std::numbers::pi_v<float>);
      escape_ = kAvatar.speed * Vec2(std::cos(angle), std::sin(angle));
      escape_until_ = view.step + static_cast<int>(kEscapeSeconds / seconds);
      target_.reset();
    }
    watched_ = position;
  }

  bool needs_path(const PlayerView& view, float seconds) {
    if (on_link_) return false;
    if (!target_) return true;
    if (kind_ == ExpertKind::random_walker && reached_target(view)) return true;
    return view.step - planned_at_ >= static_cast<int>(kReplanSeconds / seconds);
  }

  void plan(const PlayerView& view) {
    planned_at_ = view.step;
    GoalSet candidates = kind_ == ExpertKind::random_walker ? 0 : candidate_goals(view);
    if (candidates == 0) {
      wander(view);
      return;
    }
    if (target_ && (candidates & target_goals_) != 0) candidates &= target_goals_;  // no second thoughts
    std::optional<Path> best;
    for (GoalSet left = candidates; left != 0; left &= left - 1) {
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

  GoalSet candidate_goals(const PlayerView& view) const {
    const bool wrong = kind_ == ExpertKind::anti_expert || mistaken_;
    const GoalSet wanted = wrong ? wrong_goals(view.task, view.history) : paying_goals(view.task, view.history);
    if (wanted != 0 || kind_ == ExpertKind::perfect) return wanted;
    return paying_goals(view.task, view.history);  // the first entry pays, whichever it is
  }

  /// Goals that change nothing when entered: the one just left, under rules where that is so. And the one the body is
  /// in already.
  GoalSet free_goals(const PlayerView& view) const {
    GoalSet goals = view.self.inside_goal >= 0 ? GoalSet{1} << view.self.inside_goal : 0;
    if (view.history.last_goal >= 0) goals |= GoalSet{1} << view.history.last_goal;
    return goals & ~(paying_goals(view.task, view.history) | wrong_goals(view.task, view.history));
  }

  void wander(const PlayerView& view) {
    const float reach = view.task.terrain.half_size() - 1.0F;
    if (!target_ || reached_target(view)) {
      const float x = random_.uniform(-reach, reach);
      const float y = random_.uniform(-reach, reach);
      target_ = navmesh_.nearest_ground({x, y, view.task.terrain.height(x, y)});
    }
    target_goals_ = kind_ == ExpertKind::random_walker ? (GoalSet{1} << view.task.goals.size()) - 1 : 0;
    follower_.start(navmesh_.find_path(view.self.feet, *target_, target_goals_ | free_goals(view)));
  }

  bool reached_target(const PlayerView& view) const {
    return (target_->head<2>() - view.self.feet.head<2>()).norm() < kArrival;
  }

  void list_keep_outs(const PlayerView& view) {
    keep_outs_.clear();
    const GoalSet open = target_goals_ | free_goals(view);
    for (std::size_t g = 0; g < view.task.goals.size(); ++g)
      if (((open >> g) & 1U) == 0)
        keep_outs_.push_back({view.task.goals[g].center.head<2>(), view.task.goals[g].radius});
  }

  Navmesh navmesh_;
  PathFollower follower_;
  std::vector<KeepOut> keep_outs_;
  ExpertKind kind_;
  Random random_;
  std::optional<Vec3> target_;
  GoalSet target_goals_ = 0;
  int planned_at_ = 0;
  int entries_ = 0, wrong_ = 0;
  bool mistaken_ = false;
  bool on_link_ = false;
  Vec2 watched_ = Vec2::Zero();
  Vec2 escape_ = Vec2::Zero();
  int escape_until_ = 0;
};

}  // namespace

std::unique_ptr<Player> make_expert(const Task& task, std::uint64_t seed, NavmeshCache& cache) {
  if (task.parameters.expert == ExpertKind::absent) return nullptr;
  return std::make_unique<ExpertBot>(task, seed, cache);
}

}  // namespace medal
