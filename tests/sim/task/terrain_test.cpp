#include "sim/task/terrain.h"

#include <cmath>

#include "tests/support/catch.h"

using namespace medal;

namespace {

Terrain bumpy(float size, float amplitude, std::uint64_t seed = 3) {
  Random random(seed);
  return generate_terrain(size, amplitude, random);
}

/// Coordinate of grid line i.
float line(const Terrain& terrain, int i) { return static_cast<float>(i) * terrain.cell_size - terrain.half_size(); }

/// Largest rise from one corner to the next.
float steepest_step(const Terrain& terrain) {
  float largest = 0;
  for (int j = 0; j < terrain.cells; ++j)
    for (int i = 0; i < terrain.cells; ++i)
      largest = std::max({largest, std::abs(terrain.corner(i + 1, j) - terrain.corner(i, j)),
                          std::abs(terrain.corner(i, j + 1) - terrain.corner(i, j))});
  return largest;
}

}  // namespace

TEST_CASE("the grid fills the arena with cells of about a metre") {
  for (const float size : {8.0F, 20.0F, 20.7F, 31.4F}) {
    const Terrain terrain = bumpy(size, 1);
    CHECK(terrain.size() == Approx(size));
    CHECK(terrain.cell_size == Approx(1.0F).margin(0.07));
    CHECK(terrain.heights.size() == static_cast<std::size_t>((terrain.cells + 1) * (terrain.cells + 1) + 2));
  }
}

TEST_CASE("height agrees with the corners, and between them the ground is split from (i+1, j) to (i, j+1)") {
  for (const float size : {8.0F, 20.0F, 31.4F}) {
    const Terrain terrain = bumpy(size, 2);
    const float half_cell = 0.5F * terrain.cell_size;
    for (int j = 0; j <= terrain.cells; ++j)
      for (int i = 0; i <= terrain.cells; ++i)
        REQUIRE(terrain.height(line(terrain, i), line(terrain, j)) == Approx(terrain.corner(i, j)).margin(2e-5));
    for (int j = 0; j < terrain.cells; ++j)
      for (int i = 0; i < terrain.cells; ++i)
        REQUIRE(terrain.height(line(terrain, i) + half_cell, line(terrain, j) + half_cell) ==
                Approx(0.5F * (terrain.corner(i + 1, j) + terrain.corner(i, j + 1))).margin(2e-5));
  }
}

TEST_CASE("height is continuous across cell borders and diagonals, and within the amplitude everywhere") {
  constexpr float kAmplitude = 2, kBeside = 1e-4F;
  for (const float size : {8.0F, 20.7F}) {
    const Terrain terrain = bumpy(size, kAmplitude);
    // No jump: twice the distance at the steepest slope (of two directions together), and rounding.
    const float tolerance = 2 * kBeside * 2 * steepest_step(terrain) / terrain.cell_size + 2e-5F;
    for (int i = 1; i < terrain.cells; ++i)
      for (int k = 0; k < 10 * terrain.cells; ++k) {
        const float border = line(terrain, i);
        const float along = (static_cast<float>(k) + 0.37F) * 0.1F * terrain.cell_size - terrain.half_size();
        REQUIRE(terrain.height(border - kBeside, along) ==
                Approx(terrain.height(border + kBeside, along)).margin(tolerance));
        REQUIRE(terrain.height(along, border - kBeside) ==
                Approx(terrain.height(along, border + kBeside)).margin(tolerance));
        const float across = border - (along - line(terrain, static_cast<int>(k / 10)));  // on this cell's diagonal
        REQUIRE(terrain.height(across - kBeside, along - kBeside) ==
                Approx(terrain.height(across + kBeside, along + kBeside)).margin(tolerance));
        REQUIRE(std::abs(terrain.height(across, along)) <= kAmplitude);
      }
  }
}

TEST_CASE("outside the arena the ground goes on at the height of the nearest border point") {
  const Terrain terrain = bumpy(20, 1.5F);
  for (float y = -9.7F; y < 10; y += 1.3F) {
    CHECK(terrain.height(25, y) == terrain.height(10, y));
    CHECK(terrain.height(y, -11) == terrain.height(y, -10));
  }
  CHECK(terrain.height(-30, 30) == Approx(terrain.corner(0, terrain.cells)));
}

TEST_CASE("the normal is upright to the ground in every direction") {
  const Terrain terrain = bumpy(20.7F, 2);
  constexpr float kStep = 0.01F;
  for (int j = 0; j < terrain.cells; ++j)
    for (int i = 0; i < terrain.cells; ++i)
      for (const float share : {0.25F, 0.75F}) {  // one point in each triangle
        const float x = line(terrain, i) + share * terrain.cell_size, y = line(terrain, j) + share * terrain.cell_size;
        const Vec3 normal = terrain.normal(x, y);
        const Vec3 along_x(2 * kStep, 0, terrain.height(x + kStep, y) - terrain.height(x - kStep, y));
        const Vec3 along_y(0, 2 * kStep, terrain.height(x, y + kStep) - terrain.height(x, y - kStep));
        REQUIRE(normal.norm() == Approx(1));
        REQUIRE(normal.z() > 0);
        REQUIRE(normal.dot(along_x.normalized()) == Approx(0).margin(1e-3));
        REQUIRE(normal.dot(along_y.normalized()) == Approx(0).margin(1e-3));
      }
}

TEST_CASE("terrain is a pure function of size, amplitude and seed; without amplitude it is flat") {
  CHECK(bumpy(20, 1).heights == bumpy(20, 1).heights);
  CHECK(bumpy(20, 1).heights != bumpy(20, 1, 4).heights);
  const Terrain flat = bumpy(20, 0);
  CHECK(flat.height(3.3F, -4.1F) == 0);
  CHECK(flat.normal(3.3F, -4.1F) == Vec3(0, 0, 1));
}
