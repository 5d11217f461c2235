#include "sim/task/terrain.h"

#include <stb_perlin.h>

#include <algorithm>
#include <cmath>

#include "sim/base/error.h"

namespace medal {

namespace {

constexpr float kWavelength = 8.0F;     // m, of the broad octave
constexpr float kOctaveWeight = 0.35F;  // of the octave of half that wavelength

/// Where a point lies: its cell, clamped to the arena, and its place in the cell in [0, 1].
struct CellPoint {
  int i, j;
  float u, v;
};

CellPoint locate(const Terrain& terrain, float x, float y) {
  const auto along = [&](float value, int& cell) {
    const float cells = static_cast<float>(terrain.cells);
    const float scaled = std::clamp((value + terrain.half_size()) / terrain.cell_size, 0.0F, cells);
    cell = std::min(static_cast<int>(scaled), terrain.cells - 1);
    return scaled - static_cast<float>(cell);
  };
  CellPoint point{};
  point.u = along(x, point.i);
  point.v = along(y, point.j);
  return point;
}

/// The plane of one triangle in its cell: height = base + u * along_x + v * along_y.
struct TrianglePlane {
  float base, along_x, along_y;
};

TrianglePlane triangle_plane(const Terrain& terrain, const CellPoint& p) {
  const float right = terrain.corner(p.i + 1, p.j);
  const float up = terrain.corner(p.i, p.j + 1);
  if (p.u + p.v <= 1.0F) {
    const float origin = terrain.corner(p.i, p.j);
    return {origin, right - origin, up - origin};
  }
  const float far = terrain.corner(p.i + 1, p.j + 1);
  return {right + up - far, far - up, far - right};
}

}  // namespace

float Terrain::height(float x, float y) const {
  const CellPoint p = locate(*this, x, y);
  const TrianglePlane plane = triangle_plane(*this, p);
  return plane.base + p.u * plane.along_x + p.v * plane.along_y;
}

Vec3 Terrain::normal(float x, float y) const {
  const TrianglePlane plane = triangle_plane(*this, locate(*this, x, y));
  return Vec3(-plane.along_x, -plane.along_y, cell_size).normalized();
}

Terrain generate_terrain(float arena_size, float amplitude, Random& random) {
  MEDAL_CHECK(arena_size > 0 && amplitude >= 0 && amplitude < 31);
  Terrain terrain;
  terrain.cells = std::max(1, static_cast<int>(std::lround(arena_size)));
  terrain.cell_size = arena_size / static_cast<float>(terrain.cells);
  // The noise repeats after 256 lattice steps; each offset picks another part of it.
  const float offset_x = random.uniform(0, 256), offset_y = random.uniform(0, 256), offset_z = random.uniform(0, 256);
  const auto side = static_cast<std::size_t>(terrain.cells) + 1;
  std::vector<float> noise(side * side);
  float largest = 1e-6F;
  for (std::size_t k = 0; k < noise.size(); ++k) {
    const float x = offset_x + static_cast<float>(k % side) * terrain.cell_size / kWavelength;
    const float y = offset_y + static_cast<float>(k / side) * terrain.cell_size / kWavelength;
    noise[k] = stb_perlin_noise3(x, y, offset_z, 0, 0, 0) +
               kOctaveWeight * stb_perlin_noise3(2 * x, 2 * y, 2 * offset_z, 0, 0, 0);
    largest = std::max(largest, std::abs(noise[k]));
  }
  // Scaled by the largest value met, so that every world reaches the amplitude that its knob names.
  const float units = amplitude / Terrain::kHeightUnit;
  terrain.heights.assign(noise.size() + 2, 0);
  for (std::size_t k = 0; k < noise.size(); ++k)
    terrain.heights[k] = static_cast<std::int16_t>(std::trunc(units * noise[k] / largest));
  return terrain;
}

}  // namespace medal
