#pragma once

#include <span>

#include "sim/base/vector.h"
#include "sim/task/action.h"
#include "sim/task/avatar.h"

namespace medal {

/// A disc that must not be entered, seen from above.
struct KeepOut {
  Vec2 center = Vec2::Zero();
  float radius = 1.0F;  ///< m, of the sphere; the body's radius is added
};

/// Lowers the part of a wished velocity (m/s) that runs towards the discs, so that an avatar that is steered every
/// `seconds` comes to rest before it touches one, as slowly as it answers (in the air slower than on the ground).
/// Inside a disc's margin the wish leads outwards.
Vec2 keep_out(const Vec2& wish, const AvatarState& self, std::span<const KeepOut> discs, float seconds);

/// Action that moves an upright avatar with `velocity` (m/s, world frame, clamped to the top speed) while it turns to
/// look that way.
Action steer(const Vec2& velocity, float yaw, float seconds);

}  // namespace medal
