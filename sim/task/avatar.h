#pragma once

#include <cstdint>

#include "sim/base/vector.h"

namespace medal {

/// The body: an upright capsule.
struct AvatarConstants {
  float radius = 0.4F;         ///< m
  float height = 1.8F;         ///< m, standing, total
  float crouch_height = 1.0F;  ///< m, crouching, total
  float eye_height = 1.2F;     ///< m above the feet, standing: origin of the LIDAR
  float crouch_eye_height = 0.7F;
  float speed = 6.0F;              ///< m/s, standing
  float crouch_speed = 3.0F;       ///< m/s
  float response_time = 0.11F;     ///< s, time constant with which ground velocity follows the wish
  float air_response_time = 0.5F;  ///< s, the same in the air
  float turn_rate = 3.5F;          ///< rad/s
  float jump_speed = 5.0F;         ///< m/s upward at take-off: clears about 1.2 m
  float max_slope = 0.87F;         ///< rad (50 degrees): steeper ground cannot be climbed
  float mass = 70.0F;              ///< kg
};
inline constexpr AvatarConstants kAvatar;

/// Heights of obstacles against that body (m above the ground).
inline constexpr float kLowBarHeight = 0.6F;
inline constexpr float kOverheadBarClearance = 1.3F;

/// The state of one avatar that others may be told.
struct AvatarState {
  Vec3 feet = Vec3::Zero();      ///< m, lowest point of the capsule
  Vec3 velocity = Vec3::Zero();  ///< m/s, world frame
  float yaw = 0.0F;              ///< rad, in (-pi, pi]
  bool on_ground = false;
  bool crouching = false;
  std::int32_t inside_goal = -1;  ///< goal whose sphere the capsule touches, -1 for none

  float eye_height() const { return crouching ? kAvatar.crouch_eye_height : kAvatar.eye_height; }
  float height() const { return crouching ? kAvatar.crouch_height : kAvatar.height; }
  Vec3 eye() const { return feet + Vec3(0, 0, eye_height()); }
};

}  // namespace medal
