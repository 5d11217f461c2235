#pragma once

#include <limits>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "sim/lidar/lidar.h"
#include "sim/task/avatar.h"
#include "sim/task/task.h"

namespace medal {

enum class AvatarRole { expert, learner };

/// How an avatar is drawn: not at all, as a body, or as a translucent one that somebody cannot see.
enum class AvatarLook { hidden, solid, ghost };

struct SceneAvatar {
  std::string name;  ///< for its tag; empty for none
  AvatarRole role = AvatarRole::learner;
  int index = 0;  ///< which learner: chooses its colour
  AvatarLook look = AvatarLook::solid;
  AvatarState state;
};

/// What the player that the scene is about has done with one goal.
struct GoalMark {
  int reward = 0;  ///< +1 or -1 for the last entry, 0 for none or one that did not count
  float seconds_since_entry = std::numeric_limits<float>::infinity();
  bool last = false;  ///< the goal that was entered last
};

/// Where an avatar has been, oldest point first.
struct Trail {
  AvatarRole role = AvatarRole::learner;
  int index = 0;
  std::vector<Vec3> points;  ///< of its feet, m
};

/// What one learner's LIDAR met.
struct LidarOverlay {
  LidarOptions options;
  Vec3 eye = Vec3::Zero();   ///< m
  float yaw = 0;             ///< rad
  std::vector<RayHit> hits;  ///< options.rays() of them, as LidarCaster::cast leaves them
};

/// Where a learner's attention head believes the expert to be.
struct BeliefOverlay {
  Vec3 feet = Vec3::Zero();  ///< m, world frame
  float certainty = 1;       ///< in [0, 1]; less is drawn fainter, in a wider ring
};

/// One moment of one world, as plain data: all that is drawn, and nothing that moves it.
struct Scene {
  std::shared_ptr<const Task> task;  ///< not null
  std::vector<SceneAvatar> avatars;
  std::vector<GoalMark> goals;  ///< one for each of the task's goals, or none at all
  std::vector<Trail> trails;
  std::optional<LidarOverlay> lidar;
  std::vector<BeliefOverlay> beliefs;
  bool show_order = false;  ///< a hint for who may know it: the correct tour on the ground, places at the goals
};

/// The avatar of a player: 0 for the expert, k for the k-th learner (from 1). Null where it is not in the scene.
const SceneAvatar* find_player(const Scene& scene, int player);
SceneAvatar* find_player(Scene& scene, int player);

/// What the LIDAR of a learner in that state meets in the scene; it sees the experts that are drawn solid.
LidarOverlay cast_lidar(const Scene& scene, const AvatarState& learner, const LidarOptions& options);

}  // namespace medal
