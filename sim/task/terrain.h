#pragma once

#include <cstdint>
#include <vector>

#include "sim/base/random.h"
#include "sim/base/vector.h"

namespace medal {

/// A square height grid centred on the origin, read by physics, LIDAR, navmesh and viewer alike. Heights are stored as
/// 16-bit fixed point (1/1024 m), so that all four see exactly the same ground. Each cell is split along the diagonal
/// from its (i+1, j) corner to its (i, j+1) corner, which is Bullet's default.
struct Terrain {
  static constexpr float kHeightUnit = 1.0F / 1024.0F;

  int cells = 0;                      ///< cells per side; there are (cells + 1)^2 heights
  float cell_size = 1.0F;             ///< m, about 1
  std::vector<std::int16_t> heights;  ///< row j (along +Y) of cells + 1 values along +X; 2 spare values at the end

  float size() const { return static_cast<float>(cells) * cell_size; }
  float half_size() const { return 0.5F * size(); }
  /// Height of grid corner (i, j) in m.
  float corner(int i, int j) const {
    return static_cast<float>(heights[static_cast<std::size_t>(j * (cells + 1) + i)]) * kHeightUnit;
  }
  /// Height in m below (x, y); outside the arena, that of the nearest border point.
  float height(float x, float y) const;
  /// Upward unit normal of the triangle below (x, y).
  Vec3 normal(float x, float y) const;
};

/// Smooth noise (stb_perlin) within +-amplitude. Pure in its arguments.
Terrain generate_terrain(float arena_size, float amplitude, Random& random);

}  // namespace medal
