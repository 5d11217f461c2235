#include "viewer/sessions/session_view.h"

#include <algorithm>
#include <cmath>
#include <numbers>

#include "sim/base/error.h"

namespace medal {
namespace {

constexpr float kPi = std::numbers::pi_v<float>;

std::shared_ptr<const Task> without_order(const Task& task) {
  Task copy = task;
  copy.order.clear();
  return std::make_shared<const Task>(std::move(copy));
}

}  // namespace

AvatarState between(const AvatarState& from, const AvatarState& to, float share) {
  AvatarState state = share < 0.5F ? from : to;
  state.feet = from.feet + share * (to.feet - from.feet);
  state.velocity = from.velocity + share * (to.velocity - from.velocity);
  state.yaw = std::remainder(from.yaw + share * std::remainder(to.yaw - from.yaw, 2 * kPi), 2 * kPi);
  return state;
}

GameHalves halves_of(const Timeline& timeline, int learner) {
  const double step_seconds = 1 / static_cast<double>(timeline.task()->parameters.control_rate);
  GameHalves halves;
  for (int s = 0; s < timeline.last_step(); ++s)
    (timeline.at(s, learner + 1).sees_expert ? halves.seconds_with : halves.seconds_without) += step_seconds;
  for (const AvatarEntry& entry : timeline.entries()) {
    if (entry.avatar != learner + 1) continue;
    const bool seen = timeline.at(entry.entry.step - 1, learner + 1).sees_expert;
    EntryCount& count = seen ? halves.with_expert : halves.without_expert;
    ++(entry.entry.reward > 0 ? count.right : count.wrong);
  }
  return halves;
}

void show_clock(SessionView& view, const Pacing& pacing, int steps, bool finished) {
  view.steps = steps;
  view.total_seconds = steps / pacing.control_rate();
  view.finished = finished;
  view.share = finished ? 1.0F : static_cast<float>(pacing.share());
  view.paused = pacing.paused();
  view.speed = pacing.speed();
}

ViewMaker::ViewMaker(std::shared_ptr<const Task> task, Cast cast, const LidarOptions& lidar)
    : task_(std::move(task)),
      shown_task_(cast.order_shown ? task_ : without_order(*task_)),
      cast_(std::move(cast)),
      caster_(lidar),
      scene_(*task_) {
  MEDAL_CHECK(cast_.names.size() == cast_.present.size());
}

namespace {

/// Of learner `learner` up to `step`.
std::optional<EntryCount> entries_alone(const Timeline& timeline, int step, int learner) {
  int since = step;  // it sees nobody from here on
  while (since > 0 && !timeline.at(since, learner + 1).sees_expert) --since;
  if (since == step || !timeline.at(since, learner + 1).sees_expert) return std::nullopt;
  EntryCount alone;
  for (const AvatarEntry& entry : timeline.entries())
    if (entry.avatar == learner + 1 && entry.entry.step > since && entry.entry.step <= step)
      ++(entry.entry.reward > 0 ? alone.right : alone.wrong);
  return alone;
}

}  // namespace

SessionView ViewMaker::view(const Timeline& timeline, int step, int watched_learner) const {
  MEDAL_CHECK(timeline.avatars() == static_cast<int>(cast_.names.size()));
  SessionView view;
  view.task = shown_task_;
  view.step = step;
  view.seconds = static_cast<double>(step) / static_cast<double>(task_->parameters.control_rate);
  view.person = cast_.person;
  view.watched_learner = watched_learner;
  for (int i = 0; i < timeline.avatars(); ++i) {
    const AvatarMoment& now = timeline.at(step, i);
    const auto index = static_cast<std::size_t>(i);
    AvatarView avatar{i == 0, cast_.names[index], cast_.present[index],         now.sees_expert,
                      {},     now.state,          now.score.unit_penalty_score, {}};
    if (i == 0) avatar.seen = watched_learner < 0 || timeline.at(step, watched_learner + 1).sees_expert;
    avatar.previous = timeline.at(std::max(0, step - 1), i).state;
    for (int s = std::max(0, step - kTrailSteps); s <= step; ++s) avatar.trail.push_back(timeline.at(s, i).state.feet);
    view.avatars.push_back(std::move(avatar));
  }
  for (const AvatarEntry& entry : timeline.entries())
    if (entry.entry.step <= step) view.entries.push_back(entry);
  if (watched_learner >= 0) {
    view.alone = entries_alone(timeline, step, watched_learner);
    cast_rays(view);
  }
  return view;
}

void ViewMaker::cast_rays(SessionView& view) const {
  const AvatarState& learner = view.avatars[static_cast<std::size_t>(view.watched_learner) + 1].state;
  const AvatarState& expert = view.avatars[0].state;
  const LidarAvatar visible{expert.feet, expert.height()};
  view.lidar = {caster_.options(), learner.eye(), learner.yaw, {}};
  view.lidar.hits.resize(static_cast<std::size_t>(caster_.options().rays()));
  caster_.cast(scene_, view.lidar.eye, view.lidar.yaw, std::span(&visible, view.avatars[0].seen ? 1U : 0U),
               view.lidar.hits);
}

}  // namespace medal
