#pragma once

#include <array>

#include "sim/base/vector.h"
#include "sim/task/task.h"

namespace medal {

/// The rectangle that an obstacle covers, seen from above.
struct Footprint {
  Vec2 center = Vec2::Zero();        ///< m
  Vec2 half_extents = Vec2::Ones();  ///< m, in the rectangle's own frame
  float cosine = 1.0F;
  float sine = 0.0F;

  Footprint() = default;
  Footprint(const Vec2& center, const Vec2& half_extents, float yaw);
  explicit Footprint(const Obstacle& obstacle);

  /// World position of a point of the rectangle's own frame, and back.
  Vec2 to_world(const Vec2& local) const;
  Vec2 to_local(const Vec2& world) const;
  std::array<Vec2, 4> corners() const;
  /// Half the diagonal.
  float bounding_radius() const { return half_extents.norm(); }
  /// Distance to a point in m; 0 inside.
  float distance(const Vec2& point) const;
  /// Gap to another rectangle in m; 0 where they overlap.
  float distance(const Footprint& other) const;
};

}  // namespace medal
