#include "viewer/drawing/shapes/world_mesh.h"

#include <algorithm>
#include <cmath>

namespace medal {
namespace {

constexpr float kBlockDepth = 1.3F;  // m of earth below the lowest ground
constexpr float kRounding = 0.07F;   // m
const Vec3 kEarth(0.30F, 0.27F, 0.25F);

Vec3 corner_point(const Terrain& terrain, int i, int j) {
  return {static_cast<float>(i) * terrain.cell_size - terrain.half_size(),
          static_cast<float>(j) * terrain.cell_size - terrain.half_size(), terrain.corner(i, j)};
}

Vec3 corner_normal(const Terrain& terrain, int i, int j) {
  const auto slope = [&](int i0, int j0, int i1, int j1) {
    const float run = static_cast<float>((i1 - i0) + (j1 - j0)) * terrain.cell_size;
    return (terrain.corner(i1, j1) - terrain.corner(i0, j0)) / run;
  };
  const int last = terrain.cells;
  return Vec3(-slope(std::max(0, i - 1), j, std::min(last, i + 1), j),
              -slope(i, std::max(0, j - 1), i, std::min(last, j + 1)), 1)
      .normalized();
}

/// The cut through the ground along one side of the arena; `corner` gives the k-th border point, left to right as seen
/// from outside.
template <class Corner>
void add_block_side(Mesh& mesh, int cells, float bottom, const Vec3& outward, Corner&& corner) {
  const std::uint32_t first = mesh.size();
  const int columns = cells + 1;
  for (const bool top : {false, true})
    for (int k = 0; k < columns; ++k) {
      const Vec3 at = corner(k);
      const float z = top ? at.z() : bottom;
      mesh.vertices.push_back({Vec3(at.x(), at.y(), z), outward, to_linear(kEarth), 1});
    }
  add_grid_indices(mesh, first, 2, columns);
}

}  // namespace

Mesh make_ground(const Terrain& terrain) {
  Mesh mesh;
  const int side = terrain.cells + 1;
  for (int j = 0; j < side; ++j)
    for (int i = 0; i < side; ++i) {
      Vertex vertex;
      vertex.position = corner_point(terrain, i, j);
      vertex.normal = corner_normal(terrain, i, j);
      mesh.vertices.push_back(vertex);
    }
  add_grid_indices(mesh, 0, side, side);

  const float lowest =
      static_cast<float>(*std::min_element(terrain.heights.begin(), terrain.heights.begin() + side * side)) *
      Terrain::kHeightUnit;
  const float bottom = lowest - kBlockDepth;
  const int last = terrain.cells;
  const auto side_of = [&](const Vec3& outward, auto&& corner) {
    add_block_side(mesh, terrain.cells, bottom, outward, corner);
  };
  side_of(-Vec3::UnitY(), [&](int k) { return corner_point(terrain, k, 0); });
  side_of(Vec3::UnitX(), [&](int k) { return corner_point(terrain, last, k); });
  side_of(Vec3::UnitY(), [&](int k) { return corner_point(terrain, last - k, last); });
  side_of(-Vec3::UnitX(), [&](int k) { return corner_point(terrain, 0, last - k); });
  return mesh;
}

Mesh make_obstacles(const Task& task, const Palette& palette) {
  Mesh mesh;
  for (const Obstacle& obstacle : task.obstacles) {
    Mesh box = make_rounded_box(obstacle.half_extents, kRounding, painted(palette.obstacle(obstacle.kind), 0));
    const float cosine = std::cos(obstacle.yaw), sine = std::sin(obstacle.yaw);
    for (Vertex& vertex : box.vertices) {
      if (obstacle.kind != SolidKind::upright)
        vertex.stripe = vertex.position.x() + vertex.position.z() + obstacle.half_extents.x();
      const auto turn = [&](const Vec3& v) {
        return Vec3(cosine * v.x() - sine * v.y(), sine * v.x() + cosine * v.y(), v.z());
      };
      vertex.position = obstacle.center + turn(vertex.position);
      vertex.normal = turn(vertex.normal);
      vertex.height = vertex.position.z() - task.terrain.height(vertex.position.x(), vertex.position.y());
    }
    add_part(mesh, box, Vec3::Zero());
  }
  return mesh;
}

}  // namespace medal
