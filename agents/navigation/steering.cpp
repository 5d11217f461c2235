#include "agents/navigation/steering.h"

#include <algorithm>
#include <cmath>
#include <numbers>

namespace medal {
namespace {

constexpr float kMargin = 0.08F;   // m kept from a disc
constexpr float kSlowest = 0.05F;  // m/s: below it there is nothing to look at
constexpr float kLagShare = 1.5F;  // reaction times in which a gap may be used up

float wrap(float angle) {
  constexpr float kPi = std::numbers::pi_v<float>;
  while (angle > kPi) angle -= 2 * kPi;
  while (angle < -kPi) angle += 2 * kPi;
  return angle;
}

}  // namespace

Vec2 keep_out(const Vec2& wish, const AvatarState& self, std::span<const KeepOut> discs, float seconds) {
  const float reaction = kLagShare * (seconds + (self.on_ground ? kAvatar.response_time : kAvatar.air_response_time));
  Vec2 velocity = wish;
  for (const KeepOut& disc : discs) {
    const Vec2 towards = disc.center - self.feet.head<2>();
    const float distance = std::max(towards.norm(), 1e-3F);
    const float gap = distance - disc.radius - kAvatar.radius - kMargin;
    const float approach = velocity.dot(towards) / distance;
    const float fastest = gap / reaction;
    if (approach > fastest) velocity -= towards / distance * (approach - fastest);
  }
  return velocity;
}

Action steer(const Vec2& velocity, float yaw, float seconds) {
  Action action;
  const float cosine = std::cos(yaw), sine = std::sin(yaw);
  Vec2 share = velocity / kAvatar.speed;
  share /= std::max(1.0F, share.norm());
  action.forward = cosine * share.x() + sine * share.y();
  action.strafe = cosine * share.y() - sine * share.x();
  if (velocity.norm() > kSlowest)
    action.turn =
        std::clamp(wrap(std::atan2(velocity.y(), velocity.x()) - yaw) / (kAvatar.turn_rate * seconds), -1.0F, 1.0F);
  return action;
}

}  // namespace medal
