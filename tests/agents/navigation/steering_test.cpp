#include "agents/navigation/steering.h"

#include <algorithm>
#include <cmath>
#include <numbers>

#include "sim/physics/avatar_motor.h"
#include "tests/support/catch.h"

using namespace medal;

namespace {

constexpr float kSeconds = 0.1F;

/// Walks on flat ground for two seconds with a constant wish; returns the least distance to the disc's rim.
float closest_approach(const KeepOut& disc, AvatarState self, const Vec2& wish) {
  Footing footing;
  footing.on_ground = true;
  self.on_ground = true;
  float least = 1e9F;
  for (int step = 0; step < 20; ++step) {
    const Action action = steer(keep_out(wish, self, {&disc, 1}, kSeconds), self.yaw, kSeconds);
    for (int s = 0; s < 4; ++s) {
      self.yaw = turn(action, self.yaw, kSeconds / 4);
      self.velocity = drive(action, self, footing, kSeconds / 4);
      self.feet.head<2>() += self.velocity.head<2>() * (kSeconds / 4);
      least = std::min(least, (self.feet.head<2>() - disc.center).norm() - disc.radius - kAvatar.radius);
    }
  }
  return least;
}

}  // namespace

TEST_CASE("an avatar at top speed comes to rest before a disc that it must not enter, from any side") {
  const KeepOut disc{{0, 0}, 1.0F};
  for (int i = 0; i < 32; ++i)
    for (float distance : {1.8F, 2.5F, 4.0F}) {
      const float angle = static_cast<float>(i) * 0.19635F;
      AvatarState self;
      self.feet = Vec3(distance * std::cos(angle), distance * std::sin(angle), 0);
      self.yaw = -angle;
      // Straight at it, and past it at a slant.
      for (float slant : {0.0F, 0.3F, -0.6F}) {
        const Vec2 wish = -kAvatar.speed * Vec2(std::cos(angle + slant), std::sin(angle + slant));
        INFO("angle " << angle << " distance " << distance << " slant " << slant);
        const float closest = closest_approach(disc, self, wish);
        CHECK(closest > 0);
        if (slant == 0) CHECK(closest < 0.3F);  // in two seconds it is nearly as far as it may go
      }
    }
}

TEST_CASE("a wish that leads away from a disc is left alone") {
  const KeepOut disc{{2, 0}, 1.0F};
  const Vec2 wish(-3, 1);
  CHECK(keep_out(wish, AvatarState{}, {&disc, 1}, kSeconds) == wish);
}

TEST_CASE("steering gives the wished velocity whatever the yaw, and turns towards it") {
  for (float yaw : {0.0F, 1.0F, -2.5F, 3.1F}) {
    const Vec2 wish(2.0F, -1.5F);
    const Action action = steer(wish, yaw, kSeconds);
    const Vec2 moved = kAvatar.speed * Vec2(std::cos(yaw) * action.forward - std::sin(yaw) * action.strafe,
                                            std::sin(yaw) * action.forward + std::cos(yaw) * action.strafe);
    CHECK((moved - wish).norm() < 1e-4F);
    // As fast as it can, and no farther than where the wish leads.
    const float error = std::remainder(std::atan2(wish.y(), wish.x()) - yaw, 2 * std::numbers::pi_v<float>);
    const float most = kAvatar.turn_rate * kSeconds;
    REQUIRE(std::abs(error) > 0.1F);
    CHECK(action.turn == Approx(std::clamp(error / most, -1.0F, 1.0F)).margin(1e-4));
    float looking = yaw;
    for (int step = 0; step < 20; ++step) looking = turn(steer(wish, looking, kSeconds), looking, kSeconds);
    CHECK(std::remainder(looking - yaw - error, 2 * std::numbers::pi_v<float>) == Approx(0).margin(1e-3));
  }
  CHECK(steer({60, 0}, 0, kSeconds).forward == Approx(1));
  CHECK(steer({0, 0.01F}, 0, kSeconds).turn == 0);  // who stands looks nowhere else
}
