#include "viewer/drawing/scene/scene.h"

#include <utility>

namespace medal {

const SceneAvatar* find_player(const Scene& scene, int player) {
  for (const SceneAvatar& avatar : scene.avatars)
    if (player == (avatar.role == AvatarRole::expert ? 0 : avatar.index + 1)) return &avatar;
  return nullptr;
}

SceneAvatar* find_player(Scene& scene, int player) {
  return const_cast<SceneAvatar*>(find_player(std::as_const(scene), player));
}

LidarOverlay cast_lidar(const Scene& scene, const AvatarState& learner, const LidarOptions& options) {
  std::vector<LidarAvatar> visible;
  for (const SceneAvatar& avatar : scene.avatars)
    if (avatar.role == AvatarRole::expert && avatar.look == AvatarLook::solid)
      visible.push_back({avatar.state.feet, avatar.state.height()});
  LidarOverlay overlay{options, learner.eye(), learner.yaw, {}};
  overlay.hits.resize(static_cast<std::size_t>(options.rays()));
  LidarCaster(options).cast(LidarScene(*scene.task), overlay.eye, overlay.yaw, visible, overlay.hits);
  return overlay;
}

}  // namespace medal
