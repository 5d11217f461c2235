#include "viewer/drawing/scene/scene.h"

#include <algorithm>

#include "sim/lidar/ray_direction.h"
#include "tests/support/catch.h"
#include "tests/support/scene_helpers.h"

using namespace medal;

TEST_CASE("rays are drawn where they were cast: an exact ray meets what the hit says") {
  const Scene scene = fixed_scene();
  LidarOptions options;
  options.azimuths = 16;
  const AvatarState& learner = scene.avatars[1].state;
  const LidarOverlay overlay = cast_lidar(scene, learner, options);
  REQUIRE(static_cast<int>(overlay.hits.size()) == options.rays());
  const std::vector<LidarAvatar> expert = {{scene.avatars[0].state.feet, scene.avatars[0].state.height()}};
  int solids = 0, goals = 0, avatars = 0;
  for (int ray = 0; ray < options.rays(); ++ray) {
    const RayHit exact =
        cast_ray_reference(*scene.task, overlay.eye, ray_direction(options, ray, overlay.yaw), options.range, expert);
    const RayHit& hit = overlay.hits[static_cast<std::size_t>(ray)];
    CHECK(hit.solid_distance == Approx(exact.solid_distance).margin(0.02));
    CHECK(hit.goal == exact.goal);
    CHECK(hit.avatar_distance == Approx(exact.avatar_distance).margin(0.02));
    solids += hit.solid_distance >= 0 ? 1 : 0;
    goals += hit.goal >= 0 ? 1 : 0;
    avatars += hit.avatar_distance >= 0 ? 1 : 0;
  }
  CHECK(std::min({solids, goals, avatars}) > 0);
}

TEST_CASE("an expert that is a ghost is not met by the learner's rays") {
  Scene scene = fixed_scene();
  const auto meets_expert = [&] {
    const LidarOverlay overlay = cast_lidar(scene, scene.avatars[1].state, LidarOptions{});
    return std::any_of(overlay.hits.begin(), overlay.hits.end(),
                       [](const RayHit& hit) { return hit.avatar_distance >= 0; });
  };
  CHECK(meets_expert());
  scene.avatars[0].look = AvatarLook::ghost;
  CHECK_FALSE(meets_expert());
}
