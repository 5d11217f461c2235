#include "sim/physics/avatar_motor.h"

#include <algorithm>
#include <cmath>
#include <numbers>

namespace medal {

namespace {

constexpr float kPress = 0.3F;  // m/s into the ground, so that feet follow it downhill

/// Horizontal velocity that the player wishes for, in the world frame.
Vec2 wished_velocity(const Action& action, const AvatarState& avatar) {
  Vec2 wish(std::clamp(action.forward, -1.0F, 1.0F), std::clamp(action.strafe, -1.0F, 1.0F));
  wish /= std::max(1.0F, wish.norm());
  wish *= avatar.crouching ? kAvatar.crouch_speed : kAvatar.speed;
  const float cosine = std::cos(avatar.yaw), sine = std::sin(avatar.yaw);
  return {cosine * wish.x() - sine * wish.y(), sine * wish.x() + cosine * wish.y()};
}

/// Takes the part of a horizontal velocity that runs into a steep face away.
Vec2 without_push(const Vec2& velocity, const Vec3& face) {
  const Vec2 away = face.head<2>().normalized();
  return velocity - away * std::min(0.0F, velocity.dot(away));
}

}  // namespace

Vec3 drive(const Action& action, const AvatarState& avatar, const Footing& footing, float seconds) {
  Vec2 wish = wished_velocity(action, avatar);
  Vec2 level = avatar.velocity.head<2>();
  if (footing.against_steep) {
    wish = without_push(wish, footing.steep);
    level = without_push(level, footing.steep);
  }
  const float response = footing.on_ground ? kAvatar.response_time : kAvatar.air_response_time;
  const float follow = 1.0F - std::exp(-seconds / response);
  if (!footing.on_ground) {
    level += (wish - level) * follow;
    return {level.x(), level.y(), avatar.velocity.z() - kGravity * seconds};
  }
  // Top speed holds along the slope, not on the map.
  const Vec2 gradient = -footing.ground.head<2>() / footing.ground.z();
  const float climb = wish.squaredNorm() > 0 ? gradient.dot(wish.normalized()) : 0.0F;
  level += (wish / std::sqrt(1.0F + climb * climb) - level) * follow;
  // Rising ground below a ceiling leads nowhere.
  if (footing.under_ceiling && gradient.dot(level) > 0)
    level -= gradient * (gradient.dot(level) / gradient.squaredNorm());
  return Vec3(level.x(), level.y(), gradient.dot(level)) - kPress * footing.ground;
}

float turn(const Action& action, float yaw, float seconds) {
  constexpr float kPi = std::numbers::pi_v<float>;
  yaw += std::clamp(action.turn, -1.0F, 1.0F) * kAvatar.turn_rate * seconds;
  if (yaw > kPi) yaw -= 2 * kPi;
  if (yaw <= -kPi) yaw += 2 * kPi;
  return yaw;
}

bool wants_to_jump(const Action& action, const AvatarState& avatar) {
  return action.jump > 0 && avatar.on_ground && !avatar.crouching;
}

}  // namespace medal
