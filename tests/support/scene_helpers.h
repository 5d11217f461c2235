#pragma once

#include <memory>

#include "sim/generation/generate_task.h"
#include "viewer/drawing/scene/scene.h"

namespace medal {

/// A fixed world with every kind of obstacle.
inline std::shared_ptr<const Task> fixed_task() {
  TaskParameters parameters;
  parameters.arena_size = 16;
  parameters.colours = Colouring::even;
  return std::make_shared<const Task>(generate_task(parameters, 7));
}

inline AvatarState standing_at(const Task& task, float x, float y, float yaw) {
  AvatarState state;
  state.feet = Vec3(x, y, task.terrain.height(x, y));
  state.yaw = yaw;
  return state;
}

/// A goal of that world that has room around it.
inline constexpr std::size_t kEnteredGoal = 1;

/// An expert and a learner before the goal that was just entered, with trails behind them.
inline Scene fixed_scene() {
  Scene scene;
  scene.task = fixed_task();
  const Task& task = *scene.task;
  const Vec3& goal = task.goals[kEnteredGoal].center;
  const AvatarState expert = standing_at(task, goal.x() - 2.0F, goal.y() + 0.1F, -0.3F);
  const AvatarState learner = standing_at(task, goal.x() - 2.4F, goal.y() - 2.0F, 0.7F);
  scene.avatars = {{"expert", AvatarRole::expert, 0, AvatarLook::solid, expert},
                   {"learner", AvatarRole::learner, 0, AvatarLook::solid, learner}};
  scene.goals.resize(task.goals.size());
  scene.goals[kEnteredGoal] = {1, 0.3F, true};
  for (const SceneAvatar& avatar : scene.avatars) {
    Trail trail{avatar.role, avatar.index, {}};
    for (int k = 20; k >= 0; --k)
      trail.points.push_back(avatar.state.feet + Vec3(0.14F, -0.05F, 0) * static_cast<float>(k));
    scene.trails.push_back(trail);
  }
  return scene;
}

}  // namespace medal
