#pragma once

#include "sim/task/action.h"
#include "sim/task/avatar.h"

namespace medal {

inline constexpr float kGravity = 9.81F;  ///< m/s^2

/// What the body stands on and leans against, from the last substep's contacts.
struct Footing {
  bool on_ground = false;       ///< touches ground (or the top of a box) that is not too steep
  Vec3 ground = Vec3::UnitZ();  ///< its normal, the most upright one
  bool under_ceiling = false;   ///< the head touches something
  bool against_steep = false;   ///< touches something too steep to climb
  Vec3 steep = Vec3::UnitX();   ///< its normal, the most level one
};

/// Velocity with which the next substep of `seconds` begins. On the ground the horizontal velocity follows the wish
/// with kAvatar.response_time, tangent to the ground, and nothing slides; in the air steering is weak and gravity acts;
/// nothing pushes up what is too steep.
Vec3 drive(const Action& action, const AvatarState& avatar, const Footing& footing, float seconds);

/// Yaw after `seconds` of turning, in (-pi, pi].
float turn(const Action& action, float yaw, float seconds);

/// Whether a jump starts now.
bool wants_to_jump(const Action& action, const AvatarState& avatar);

}  // namespace medal
