#pragma once

#include <cstdint>
#include <vector>

#include "sim/base/vector.h"

namespace medal {

/// A corner of a triangle of something solid. Laid out as the shaders read it.
struct Vertex {
  Vec3 position = Vec3::Zero();  ///< m
  Vec3 normal = Vec3::UnitZ();
  Vec3 colour = Vec3::Ones();  ///< linear
  float paint = 0;             ///< share of the object's own colour in place of `colour`
  float height = 10;           ///< m above the ground, for the darkness where things meet it
  float stripe = -100;         ///< m along a striped bar; below kNoStripe: no stripes
};
inline constexpr float kNoStripe = -50;

/// A corner of something without light: ribbons, lines, points.
struct FlatVertex {
  Vec3 position = Vec3::Zero();  ///< m
  Vec3 colour = Vec3::Ones();    ///< linear
  float opacity = 1;
  float size = 1;  ///< of a point, in pixels
};

/// Triangles, counter-clockwise from outside.
struct Mesh {
  std::vector<Vertex> vertices;
  std::vector<std::uint32_t> indices;

  std::uint32_t size() const { return static_cast<std::uint32_t>(vertices.size()); }
};

/// Colours are chosen in sRGB and mixed in linear light.
Vec3 to_linear(const Vec3& srgb);
/// A vertex with that colour (sRGB) and paint.
Vertex painted(const Vec3& colour, float paint);

/// Two triangles for each cell of a grid of rows x columns vertices that begins at `first`: rows go up and columns to
/// the right as seen from outside.
void add_grid_indices(Mesh& mesh, std::uint32_t first, int rows, int columns);

/// Adds all of `part`, moved by `offset`; heights above the ground move along.
void add_part(Mesh& mesh, const Mesh& part, const Vec3& offset);

/// A row of a surface of revolution about Z.
struct ProfilePoint {
  float radius, z;  ///< m
  Vec2 normal;      ///< outward, up
};
/// Rows from bottom to top, turned from angle `from` to angle `to` (rad). Height above the ground is z.
void add_revolution(Mesh& mesh, const std::vector<ProfilePoint>& profile, float from, float to, int columns,
                    const Vertex& look);
/// Outline of a capsule that stands on z = 0, between two heights.
std::vector<ProfilePoint> capsule_profile(float radius, float height, float from, float to, int rows);

/// Around the origin, radius 1.
Mesh make_sphere(int rings, const Vertex& look = {});
/// Around the origin, with round edges. Height above the ground is z.
Mesh make_rounded_box(const Vec3& half, float rounding, const Vertex& look);

}  // namespace medal
