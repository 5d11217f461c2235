#include "viewer/window/view_scene.h"

#include <algorithm>

namespace medal {
namespace {

bool person_learns(const SessionView& view) { return view.person > 0; }

AvatarLook look_of(const SessionView& view, const AvatarView& avatar) {
  if (!avatar.is_expert || avatar.seen) return AvatarLook::solid;
  return person_learns(view) ? AvatarLook::hidden : AvatarLook::ghost;
}

AvatarRole role_of(std::size_t avatar) { return avatar == 0 ? AvatarRole::expert : AvatarRole::learner; }
int index_of(std::size_t avatar) { return avatar == 0 ? 0 : static_cast<int>(avatar) - 1; }

/// Up to where the avatar is drawn, which is a little behind the last step.
std::vector<Vec3> trail_points(const AvatarView& avatar, const Vec3& drawn_at, std::size_t most) {
  std::vector<Vec3> points;
  if (avatar.trail.size() > 1) points.assign(avatar.trail.begin(), avatar.trail.end() - 1);
  if (points.size() > most) points.erase(points.begin(), points.end() - static_cast<std::ptrdiff_t>(most));
  points.push_back(drawn_at);
  return points;
}

/// Flashes for the entries that the viewer may know of; the mark that stays is of whom the view is about.
std::vector<GoalMark> goal_marks(const SessionView& view) {
  std::vector<GoalMark> marks(view.task->goals.size());
  const float rate = view.task->parameters.control_rate;
  const float now = static_cast<float>(view.step) - 1 + view.share;
  const int subject = view.person >= 0 ? view.person : view.watched_learner + 1;
  for (const AvatarEntry& entry : view.entries) {
    if (person_learns(view) && entry.avatar != subject) continue;
    GoalMark& mark = marks[static_cast<std::size_t>(entry.entry.goal)];
    mark.reward = entry.entry.reward;
    mark.seconds_since_entry = std::max(0.0F, now - static_cast<float>(entry.entry.step)) / rate;
    if (entry.avatar != subject) continue;
    for (GoalMark& other : marks) other.last = false;
    mark.last = true;
  }
  return marks;
}

BeliefOverlay belief_of(const AgentKnowledge& knowledge, float share) {
  const AgentThought& now = knowledge.now();
  const std::size_t count = knowledge.history.size();
  const AgentThought& before = count > 1 ? *knowledge.history[count - 2] : now;
  return {before.expert_guess + share * (now.expert_guess - before.expert_guess), now.presence_belief};
}

}  // namespace

Scene scene_of(const SessionView& view, const SceneChoices& choices) {
  Scene scene;
  scene.task = view.task;
  scene.show_order = choices.order && !view.task->order.empty();
  scene.goals = goal_marks(view);
  const auto most = static_cast<std::size_t>(choices.trail_seconds * view.task->parameters.control_rate);
  for (std::size_t i = 0; i < view.avatars.size(); ++i) {
    const AvatarView& avatar = view.avatars[i];
    const AvatarLook look = look_of(view, avatar);
    if (!avatar.present || look == AvatarLook::hidden) continue;
    const AvatarState state = between(avatar.previous, avatar.state, view.share);
    scene.avatars.push_back({avatar.name, role_of(i), index_of(i), look, state});
    if (avatar.is_expert && person_learns(view)) continue;
    scene.trails.push_back({role_of(i), index_of(i), trail_points(avatar, state.feet, most)});
  }
  if (choices.lidar) scene.lidar = LidarOverlay{view.lidar.options, view.lidar.eye, view.lidar.yaw, view.lidar.hits};
  if (choices.belief && view.knowledge) scene.beliefs.push_back(belief_of(*view.knowledge, view.share));
  return scene;
}

Scoreboard scoreboard_of(const SessionView& view) {
  Scoreboard board{static_cast<float>(view.seconds), static_cast<float>(view.total_seconds), {}};
  for (std::size_t i = 0; i < view.avatars.size(); ++i) {
    const AvatarView& avatar = view.avatars[i];
    if (!avatar.present) continue;
    PlayerLine line{avatar.name, role_of(i), index_of(i), avatar.score, {}};
    for (const AvatarEntry& entry : view.entries)
      if (entry.avatar == static_cast<int>(i) && !(avatar.is_expert && person_learns(view)))
        line.entries.push_back({entry.entry.goal, entry.entry.reward,
                                static_cast<float>(entry.entry.step) / view.task->parameters.control_rate});
    board.players.push_back(std::move(line));
  }
  return board;
}

}  // namespace medal
