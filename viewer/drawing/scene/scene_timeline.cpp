#include "viewer/drawing/scene/scene_timeline.h"

#include <algorithm>
#include <cmath>

namespace medal {
namespace {

AvatarRole role_of(std::size_t player) { return player == 0 ? AvatarRole::expert : AvatarRole::learner; }
int index_of(std::size_t player) { return player == 0 ? 0 : static_cast<int>(player) - 1; }

/// The goal that an entry belongs to: the history does not always tell it after a mistake, the body does.
int entered_goal(const Task& task, const GoalHistory& before, const GoalHistory& now, const AvatarState& avatar) {
  if (now.last_goal != before.last_goal) return now.last_goal;
  if (avatar.inside_goal >= 0) return avatar.inside_goal;
  const auto gap = [&](const Goal& goal) { return (goal.center - avatar.feet).norm() - goal.radius; };
  return static_cast<int>(std::min_element(task.goals.begin(), task.goals.end(),
                                           [&](const Goal& a, const Goal& b) { return gap(a) < gap(b); }) -
                          task.goals.begin());
}

}  // namespace

SceneTimeline::SceneTimeline(std::shared_ptr<const Task> task)
    : task_(std::move(task)), control_rate_(task_->parameters.control_rate) {}

void SceneTimeline::add(const Episode& episode) {
  const auto learners = static_cast<std::size_t>(episode.learners());
  duration_ = static_cast<float>(episode.spec().steps) / control_rate_;
  histories_.resize(learners + 1);
  entries_.resize(learners + 1);
  const float now = static_cast<float>(moments_.size()) / control_rate_;
  Moment moment;
  const auto note = [&](std::size_t player, const AvatarState& avatar, const PlayerScore& score) {
    note_entries(player, score, avatar, now);
    moment.avatars.push_back(avatar);
    moment.scores.push_back(score.unit_penalty_score);
  };
  note(0, episode.expert_avatar(), episode.expert_score());
  for (int k = 0; k < episode.learners(); ++k) {
    note(static_cast<std::size_t>(k) + 1, episode.learner_avatar(k), episode.learner_score(k));
    moment.visible.push_back(episode.expert_visible(k));
  }
  moments_.push_back(std::move(moment));
}

void SceneTimeline::note_entries(std::size_t player, const PlayerScore& score, const AvatarState& avatar,
                                 float seconds) {
  const GoalHistory before = std::exchange(histories_[player], score.history);
  if (moments_.empty()) return;
  const int goal = entered_goal(*task_, before, score.history, avatar);
  for (int k = before.correct; k < score.history.correct; ++k) entries_[player].push_back({goal, 1, seconds});
  for (int k = before.wrong; k < score.history.wrong; ++k) entries_[player].push_back({goal, -1, seconds});
}

float SceneTimeline::seconds() const {
  return moments_.empty() ? 0 : static_cast<float>(moments_.size() - 1) / control_rate_;
}

SceneTimeline::Place SceneTimeline::locate(float seconds) const {
  const float steps = std::clamp(seconds * control_rate_, 0.0F, static_cast<float>(moments_.size() - 1));
  const auto step = static_cast<std::size_t>(steps);
  return {step, steps - static_cast<float>(step)};
}

std::string SceneTimeline::name(std::size_t player) const {
  if (player < names_.size()) return names_[player];
  if (player == 0) return "expert";
  return entries_.size() == 2 ? "learner" : "learner " + std::to_string(player);
}

Trail SceneTimeline::trail(std::size_t player, const Place& place, float seconds) const {
  Trail trail{role_of(player), index_of(player), {}};
  const auto reach = static_cast<std::size_t>(std::max(0.0F, seconds * control_rate_));
  for (std::size_t step = place.step > reach ? place.step - reach : 0; step <= place.step; ++step)
    trail.points.push_back(moments_[step].avatars[player].feet);
  return trail;
}

Scene SceneTimeline::scene(float seconds, const TimelineView& view) const {
  const Place place = locate(seconds);
  const Moment& before = moments_[place.step];
  const Moment& after = moments_[std::min(place.step + 1, moments_.size() - 1)];
  const bool onlooker = view.learner < 0;
  const bool sees_expert = onlooker || before.visible.empty() || before.visible[static_cast<std::size_t>(view.learner)];
  Scene scene;
  scene.task = task_;
  for (std::size_t player = 0; player < before.avatars.size(); ++player) {
    const bool shown = player == 0 || view.other_learners || index_of(player) == view.learner;
    if (!shown || (player == 0 && task_->parameters.expert == ExpertKind::absent)) continue;
    const AvatarLook look = player == 0 && !sees_expert ? AvatarLook::ghost : AvatarLook::solid;
    scene.avatars.push_back({name(player), role_of(player), index_of(player), look,
                             interpolate(before.avatars[player], after.avatars[player], place.share)});
    scene.trails.push_back(trail(player, place, view.trail_seconds));
    scene.trails.back().points.push_back(scene.avatars.back().state.feet);
  }
  scene.goals.resize(task_->goals.size());
  const float now = (static_cast<float>(place.step) + place.share) / control_rate_;
  for (const ScoredEntry& entry : entries_[static_cast<std::size_t>(onlooker ? 0 : view.learner + 1)]) {
    if (entry.seconds > now) break;
    for (GoalMark& mark : scene.goals) mark.last = false;
    scene.goals[static_cast<std::size_t>(entry.goal)] = {entry.reward, now - entry.seconds, true};
  }
  return scene;
}

Scoreboard SceneTimeline::scoreboard(float seconds, const TimelineView& view) const {
  const Place place = locate(seconds);
  const float now = (static_cast<float>(place.step) + place.share) / control_rate_;
  Scoreboard board{now, duration_, {}};
  for (std::size_t player = 0; player < moments_[place.step].avatars.size(); ++player) {
    const bool shown = player == 0 || view.other_learners || index_of(player) == view.learner;
    if (!shown || (player == 0 && task_->parameters.expert == ExpertKind::absent)) continue;
    PlayerLine line{name(player), role_of(player), index_of(player), moments_[place.step].scores[player], {}};
    for (const ScoredEntry& entry : entries_[player])
      if (entry.seconds <= now) line.entries.push_back(entry);
    board.players.push_back(std::move(line));
  }
  return board;
}

}  // namespace medal
