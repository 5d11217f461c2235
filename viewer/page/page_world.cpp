#include "viewer/page/page_world.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "sim/base/error.h"
#include "sim/task/avatar.h"
#include "viewer/drawing/scene/palette.h"
#include "viewer/drawing/shapes/avatar_mesh.h"
#include "viewer/page/packed_numbers.h"

namespace medal {
namespace {

using nlohmann::ordered_json;

ordered_json numbers(const Vec3& v) { return {v.x(), v.y(), v.z()}; }

ordered_json page_terrain(const Terrain& terrain) {
  static_assert(Terrain::kHeightUnit * kPageMetre == 1.0F);
  const auto corners = static_cast<std::size_t>((terrain.cells + 1) * (terrain.cells + 1));
  return {{"cells", terrain.cells},
          {"cell_size", terrain.cell_size},
          {"heights", packed(std::span(terrain.heights).first(corners))}};
}

ordered_json page_obstacles(const Task& task) {
  const Palette palette;
  ordered_json all = ordered_json::array();
  for (const Obstacle& obstacle : task.obstacles)
    all.push_back({{"kind", name_of(obstacle.kind)},
                   {"center", numbers(obstacle.center)},
                   {"half_extents", numbers(obstacle.half_extents)},
                   {"yaw", obstacle.yaw},
                   {"colour", page_colour(palette.obstacle(obstacle.kind))}});
  return all;
}

ordered_json page_goals(const Task& task) {
  ordered_json all = ordered_json::array();
  for (const Goal& goal : task.goals)
    all.push_back({{"center", numbers(goal.center)}, {"radius", goal.radius}, {"colour", page_colour(goal.colour)}});
  return all;
}

/// `paint` is the share of the avatar's own colour in each corner. Colours go back from linear light to sRGB.
ordered_json page_mesh(const Mesh& mesh) {
  std::vector<std::int16_t> positions;
  std::vector<std::int8_t> normals;
  std::vector<std::uint8_t> colours, paint;
  for (const Vertex& vertex : mesh.vertices) {
    for (const float value : vertex.position) positions.push_back(page_length(value));
    for (const float value : vertex.normal)
      normals.push_back(static_cast<std::int8_t>(std::lround(std::clamp(value, -1.0F, 1.0F) * 127)));
    for (const float value : vertex.colour) colours.push_back(page_share(std::sqrt(value)));
    paint.push_back(page_share(vertex.paint));
  }
  MEDAL_CHECK(mesh.size() <= 65536);
  const std::vector<std::uint16_t> indices(mesh.indices.begin(), mesh.indices.end());
  return {{"positions", packed(positions)},
          {"normals", packed(normals)},
          {"colours", packed(colours)},
          {"paint", packed(paint)},
          {"indices", packed(indices)}};
}

}  // namespace

std::string page_colour(const Vec3& colour) {
  return fmt::format("#{:02x}{:02x}{:02x}", page_share(colour.x()), page_share(colour.y()), page_share(colour.z()));
}

ordered_json page_world(const Task& task) {
  return {{"terrain", page_terrain(task.terrain)},
          {"obstacles", page_obstacles(task)},
          {"goals", page_goals(task)},
          {"order", task.order}};
}

ordered_json page_shapes() {
  return {{"standing", page_mesh(make_avatar(kAvatar.height))},
          {"crouching", page_mesh(make_avatar(kAvatar.crouch_height))},
          {"mark", page_mesh(make_diamond())},
          {"height", kAvatar.height},
          {"crouch_height", kAvatar.crouch_height}};
}

}  // namespace medal
