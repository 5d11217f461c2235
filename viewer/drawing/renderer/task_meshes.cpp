#include "viewer/drawing/renderer/task_meshes.h"

#include <algorithm>

#include "viewer/drawing/opengl/texture.h"
#include "viewer/drawing/renderer/frame_uniforms.h"
#include "viewer/drawing/renderer/shadow_map.h"
#include "viewer/drawing/shapes/flat_shapes.h"
#include "viewer/drawing/shapes/light_map.h"
#include "viewer/drawing/shapes/world_mesh.h"

namespace medal {
namespace {

/// At least a metre wide, so that flat ground stays in the middle of the colours.
Vec2 height_range(const Terrain& terrain) {
  float low = 1e9F, high = -1e9F;
  for (int j = 0; j <= terrain.cells; ++j)
    for (int i = 0; i <= terrain.cells; ++i) {
      low = std::min(low, terrain.corner(i, j));
      high = std::max(high, terrain.corner(i, j));
    }
  const float middle = 0.5F * (low + high), half = std::max(0.5F, 0.5F * (high - low));
  return {middle - half, middle + half};
}

GlTexture upload(const LightMap& map) { return make_rgba_texture(map.side, map.side, map.texels, GL_LINEAR); }

}  // namespace

TaskMeshes make_task_meshes(const std::shared_ptr<const Task>& task, const Palette& palette, int light_map_side) {
  return {task,
          GpuMesh(make_ground(task->terrain)),
          GpuMesh(make_obstacles(*task, palette)),
          wall_shapes(*task),
          upload(make_light_map(*task, light_map_side)),
          height_range(task->terrain),
          ShadowMap::view_projection(*task, towards_sun())};
}

}  // namespace medal
