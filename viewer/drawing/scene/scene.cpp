#include "viewer/drawing/scene/scene.h"

#include <cmath>
#include <numbers>
#include <utility>

namespace medal {

namespace {

constexpr float kPi = std::numbers::pi_v<float>;

}  // namespace

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

AvatarState interpolate(const AvatarState& a, const AvatarState& b, float share) {
  AvatarState state = share < 0.5F ? a : b;
  state.feet = a.feet + share * (b.feet - a.feet);
  state.velocity = a.velocity + share * (b.velocity - a.velocity);
  // The shorter way round.
  state.yaw = std::remainder(a.yaw + share * std::remainder(b.yaw - a.yaw, 2.0F * kPi), 2.0F * kPi);
  return state;
}

}  // namespace medal
