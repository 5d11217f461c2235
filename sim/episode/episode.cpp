#include "sim/episode/episode.h"

#include <xxhash.h>

#include <algorithm>
#include <bit>
#include <cmath>
#include <type_traits>

#include "sim/base/error.h"
#include "sim/base/stopwatch.h"

namespace medal {

namespace {

/// Times stages where somebody asks for it, and does not look at the clock where nobody does.
class StageWatch {
 public:
  explicit StageWatch(StageSeconds* timing) : timing_(timing), watch_(timing != nullptr) {}
  void lap(double StageSeconds::*stage) {
    if (timing_) watch_.lap(timing_->*stage);
  }

 private:
  StageSeconds* timing_;
  Stopwatch watch_;
};

/// A player's part of the hash: its history whole, so that no number of it can be forgotten.
struct HashedPlayer {
  GoalHistory history;
  GoalSet inside_goals;
};
static_assert(std::has_unique_object_representations_v<HashedPlayer>, "only whole numbers, without gaps");

std::vector<Spawn> choose_spawns(const EpisodeSpec& spec, const Task& task) {
  MEDAL_CHECK(spec.presence.size() <= task.learner_spawns.size(), "more learners than spawns");
  std::vector<Spawn> spawns = {task.expert_spawn};
  for (std::size_t k = 0; k < spec.presence.size(); ++k)
    spawns.push_back(task.learner_spawns[spec.common_spawn ? 0 : k]);
  return spawns;
}

/// Whether the avatar's capsule meets the goal's sphere.
bool touches(const AvatarState& avatar, const Goal& goal) {
  const float low = avatar.feet.z() + kAvatar.radius, high = avatar.feet.z() + avatar.height() - kAvatar.radius;
  const Vec3 nearest(avatar.feet.x(), avatar.feet.y(), std::clamp(goal.center.z(), low, high));
  const float reach = goal.radius + kAvatar.radius;
  return (goal.center - nearest).squaredNorm() < reach * reach;
}

}  // namespace

Episode::Episode(const EpisodeSpec& spec, std::shared_ptr<const Task> task, std::unique_ptr<Player> expert,
                 const LidarCaster& lidar)
    : spec_(spec),
      task_(std::move(task)),
      expert_(std::move(expert)),
      lidar_(&lidar),
      scene_(*task_),
      physics_(*task_, choose_spawns(spec_, *task_)),
      actions_(spec_.presence.size() + 1),
      rewards_(spec_.presence.size() + 1, 0.0F),
      scores_(spec_.presence.size() + 1),
      inside_goals_(spec_.presence.size() + 1, 0),
      visibility_override_(spec_.presence.size()),
      demonstrators_(spec_.presence.size(), 0),
      hits_(static_cast<std::size_t>(lidar.options().rays())) {
  MEDAL_CHECK(task_->goals.size() <= kMaximumGoals, "more goals than a task can have");
  for (int i = 0; i < physics_.avatar_count(); ++i) avatars_.push_back(physics_.avatar(i));
}

void Episode::step(std::span<const Action> learner_actions, StageSeconds* timing) {
  StageWatch watch(timing);
  Action expert_action;
  if (expert_) expert_action = expert_->act({*task_, avatars_[0], scores_[0].history, step_});
  watch.lap(&StageSeconds::bot);
  step_with_expert(expert_action, learner_actions, timing);
}

void Episode::step_with_expert(const Action& expert_action, std::span<const Action> learner_actions,
                               StageSeconds* timing) {
  MEDAL_CHECK(learner_actions.size() + 1 == actions_.size(), "one action for each learner");
  actions_[0] = expert_action;
  std::copy(learner_actions.begin(), learner_actions.end(), actions_.begin() + 1);
  std::fill(rewards_.begin(), rewards_.end(), 0.0F);
  for (int i = 0; i < physics_.avatar_count(); ++i) physics_.set_action(i, actions_[static_cast<std::size_t>(i)]);
  simulate(timing);
  ++step_;
}

void Episode::simulate(StageSeconds* timing) {
  const int substeps = task_->parameters.substeps;
  const float seconds = 1.0F / (task_->parameters.control_rate * static_cast<float>(substeps));
  StageWatch watch(timing);
  for (int s = 0; s < substeps; ++s) {
    physics_.substep(seconds);
    watch.lap(&StageSeconds::physics);
    test_entries();
    watch.lap(&StageSeconds::reward);
  }
}

/// An entry is outside before, inside now; an avatar must leave a sphere before it counts again.
void Episode::test_entries() {
  for (std::size_t i = 0; i < avatars_.size(); ++i) {
    avatars_[i] = physics_.avatar(static_cast<int>(i));
    GoalSet inside = 0;
    for (std::size_t g = 0; g < task_->goals.size(); ++g)
      if (touches(avatars_[i], task_->goals[g])) inside |= GoalSet{1} << g;
    for (GoalSet entered = inside & ~inside_goals_[i]; entered != 0; entered &= entered - 1) {
      const int goal = std::countr_zero(entered);
      PlayerScore& score = scores_[i];
      const GoalHistory before = score.history;
      const float reward = enter_goal(task_->parameters, task_->order, goal, score.history);
      rewards_[i] += reward;
      score.reward += reward;
      score.unit_penalty_score +=
          static_cast<float>((score.history.correct - before.correct) - (score.history.wrong - before.wrong));
    }
    inside_goals_[i] = inside;
    avatars_[i].inside_goal = inside == 0 ? -1 : std::countr_zero(inside);
  }
}

bool Episode::expert_visible(int learner) const {
  if (task_->parameters.expert == ExpertKind::absent) return false;
  const auto k = static_cast<std::size_t>(learner);
  if (visibility_override_[k]) return *visibility_override_[k];
  return spec_.presence[k].visible(step_);
}

void Episode::set_demonstrator(int learner, int avatar) {
  const bool another = avatar >= 0 && avatar != learner + 1 && static_cast<std::size_t>(avatar) < avatars_.size();
  MEDAL_CHECK(another, "a demonstrator is another avatar of the episode");
  demonstrators_[static_cast<std::size_t>(learner)] = static_cast<std::size_t>(avatar);
}

void Episode::set_expert_visible(int learner, bool visible) {
  visibility_override_[static_cast<std::size_t>(learner)] = visible;
}

void Episode::observe(int learner, std::span<float> out, StageSeconds* timing) const {
  StageWatch watch(timing);
  cast_rays(learner, hits_);
  watch.lap(&StageSeconds::lidar);
  const AvatarState& self = learner_avatar(learner);
  const Vec3 up = self.on_ground ? task_->terrain.normal(self.feet.x(), self.feet.y()) : Vec3(Vec3::UnitZ());
  const BodyObservation body{self, up, actions_[static_cast<std::size_t>(learner) + 1], last_reward(learner)};
  write_observation(lidar_->options(), *task_, hits_, body, out);
  watch.lap(&StageSeconds::observation);
}

void Episode::cast_rays(int learner, std::span<RayHit> hits) const {
  const AvatarState& self = learner_avatar(learner);
  const AvatarState& shown = avatars_[demonstrators_[static_cast<std::size_t>(learner)]];
  const LidarAvatar demonstrator{shown.feet, shown.height()};
  const std::span<const LidarAvatar> visible(&demonstrator, expert_visible(learner) ? 1U : 0U);
  lidar_->cast(scene_, self.eye(), self.yaw, visible, hits);
}

void Episode::observe_privileged(int learner, std::span<float> out) const {
  const std::size_t demonstrator = demonstrators_[static_cast<std::size_t>(learner)];
  write_privileged({.task = *task_,
                    .learner = learner_avatar(learner),
                    .expert = avatars_[demonstrator],
                    .expert_visible = expert_visible(learner),
                    .learner_history = learner_score(learner).history,
                    .expert_history = scores_[demonstrator].history},
                   out);
}

std::uint64_t Episode::state_hash() const {
  std::uint64_t hash = XXH3_64bits_withSeed(&step_, sizeof step_, physics_.state_hash());
  for (std::size_t i = 0; i < scores_.size(); ++i) {
    const HashedPlayer player = {scores_[i].history, inside_goals_[i]};
    hash = XXH3_64bits_withSeed(&player, sizeof player, hash);
    hash = XXH3_64bits_withSeed(&scores_[i].reward, sizeof(float), hash);
  }
  for (std::size_t k = 0; k < spec_.presence.size(); ++k) {
    const char visible = expert_visible(static_cast<int>(k)) ? 1 : 0;
    hash = XXH3_64bits_withSeed(&visible, 1, hash);
  }
  return hash;
}

}  // namespace medal
