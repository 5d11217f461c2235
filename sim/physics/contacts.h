#pragma once

#include <array>
#include <span>

#include "sim/task/avatar.h"
#include "sim/task/task.h"

namespace medal {

/// Where an upright capsule touches, or is about to touch, something solid.
struct Contact {
  Vec3 point = Vec3::Zero();    ///< m, on the solid
  Vec3 normal = Vec3::UnitZ();  ///< unit vector from the solid to the capsule
  float distance = 0.0F;        ///< m between the surfaces; negative: depth of penetration
};

/// An upright capsule of radius kAvatar.radius; `low` and `high` are the ends of its axis (the centres of its caps).
struct Capsule {
  Vec3 low;
  float axis_length;  ///< m, high.z - low.z

  float high_z() const { return low.z() + axis_length; }
};
Capsule standing_capsule(const Vec3& feet, float height);

inline constexpr int kMaximumTerrainContacts = 4;

/// Exact contacts of the capsule's lower cap with the terrain's triangles nearer than `reach` m: one for each triangle
/// whose face is nearest, and the nearest one overall. Contacts with the inner edges of smooth ground are left out,
/// which would make a capsule snag. Faces that the cap will be over after moving by `motion` m count too, so that
/// nothing runs into rising ground. Returns how many were written to `out` (kMaximumTerrainContacts of them fit).
int terrain_contacts(const Terrain& terrain, const Capsule& capsule, const Vec3& motion, float reach,
                     std::span<Contact> out);

/// The nearest points of capsule and box. False when they are `reach` m or more apart.
bool box_contact(const Vec3& center, const Vec3& half_extents, float cosine, float sine, const Capsule& capsule,
                 float reach, Contact& out);

/// The four walls as thick boxes around the arena, for whoever needs solids.
std::array<Obstacle, 4> wall_boxes(float half_size);

}  // namespace medal
