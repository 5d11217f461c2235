#include "viewer/drawing/shapes/mesh.h"

#include <algorithm>
#include <cmath>
#include <numbers>

namespace medal {
namespace {

constexpr float kPi = std::numbers::pi_v<float>;

}  // namespace

Vec3 to_linear(const Vec3& srgb) { return srgb.cwiseProduct(srgb); }

Vertex painted(const Vec3& colour, float paint) {
  Vertex vertex;
  vertex.colour = to_linear(colour);
  vertex.paint = paint;
  return vertex;
}

void add_grid_indices(Mesh& mesh, std::uint32_t first, int rows, int columns) {
  for (int r = 0; r + 1 < rows; ++r)
    for (int c = 0; c + 1 < columns; ++c) {
      const auto at = [&](int row, int column) { return first + static_cast<std::uint32_t>(row * columns + column); };
      const std::uint32_t corner[] = {at(r, c), at(r, c + 1), at(r + 1, c), at(r + 1, c + 1)};
      for (const int k : {0, 1, 2, 1, 3, 2}) mesh.indices.push_back(corner[k]);
    }
}

void add_part(Mesh& mesh, const Mesh& part, const Vec3& offset) {
  const std::uint32_t first = mesh.size();
  for (Vertex vertex : part.vertices) {
    vertex.position += offset;
    vertex.height += offset.z();
    mesh.vertices.push_back(vertex);
  }
  for (const std::uint32_t index : part.indices) mesh.indices.push_back(first + index);
}

void add_revolution(Mesh& mesh, const std::vector<ProfilePoint>& profile, float from, float to, int columns,
                    const Vertex& look) {
  const std::uint32_t first = mesh.size();
  for (const ProfilePoint& row : profile)
    for (int c = 0; c < columns; ++c) {
      const float angle = from + (to - from) * static_cast<float>(c) / static_cast<float>(columns - 1);
      const Vec2 out(std::cos(angle), std::sin(angle));
      Vertex vertex = look;
      vertex.position = Vec3(row.radius * out.x(), row.radius * out.y(), row.z);
      vertex.normal = Vec3(row.normal.x() * out.x(), row.normal.x() * out.y(), row.normal.y());
      vertex.height = row.z;
      mesh.vertices.push_back(vertex);
    }
  add_grid_indices(mesh, first, static_cast<int>(profile.size()), columns);
}

std::vector<ProfilePoint> capsule_profile(float radius, float height, float from, float to, int rows) {
  std::vector<ProfilePoint> profile;
  for (int r = 0; r < rows; ++r) {
    // Even steps in height would leave the poles coarse.
    const float share = 0.5F - 0.5F * std::cos(kPi * static_cast<float>(r) / static_cast<float>(rows - 1));
    const float z = from + (to - from) * share;
    const float beyond = z < radius ? z - radius : std::max(0.0F, z - (height - radius));
    const float wide = std::sqrt(std::max(0.0F, radius * radius - beyond * beyond));
    profile.push_back({wide, z, Vec2(wide, beyond) / radius});
  }
  return profile;
}

Mesh make_sphere(int rings, const Vertex& look) {
  Mesh mesh;
  std::vector<ProfilePoint> profile;
  for (int r = 0; r <= rings; ++r) {
    const float angle = kPi * (static_cast<float>(r) / static_cast<float>(rings) - 0.5F);
    const Vec2 out(std::cos(angle), std::sin(angle));
    profile.push_back({out.x(), out.y(), out});
  }
  add_revolution(mesh, profile, 0, 2 * kPi, 2 * rings + 1, look);
  return mesh;
}

Mesh make_rounded_box(const Vec3& half, float rounding, const Vertex& look) {
  // Each face is a grid of 4 x 4 vertices; those of the rim lie on a sphere's octants and a cylinder's quarters.
  Mesh mesh;
  const float radius = std::min({rounding, half.x(), half.y(), half.z()});
  const Vec3 core = half - Vec3::Constant(radius);
  for (int axis = 0; axis < 3; ++axis)
    for (const float side : {-1.0F, 1.0F}) {
      const int u = (axis + 1) % 3, v = (axis + 2) % 3;
      const std::uint32_t first = mesh.size();
      for (int row = 0; row < 4; ++row)
        for (int column = 0; column < 4; ++column) {
          const auto place = [&](int k, int along) {
            const float steps[] = {-half[along], -core[along], core[along], half[along]};
            return steps[k];
          };
          Vec3 point;
          point[axis] = side * half[axis];
          point[u] = place(side > 0 ? column : 3 - column, u);
          point[v] = place(row, v);
          const Vec3 inner = point.cwiseMax(-core).cwiseMin(core);
          Vertex vertex = look;
          vertex.normal = (point - inner).normalized();
          vertex.position = inner + radius * vertex.normal;
          vertex.height = vertex.position.z();
          mesh.vertices.push_back(vertex);
        }
      add_grid_indices(mesh, first, 4, 4);
    }
  return mesh;
}

}  // namespace medal
