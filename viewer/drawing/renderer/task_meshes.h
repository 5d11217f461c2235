#pragma once

#include <Eigen/Core>
#include <memory>
#include <vector>

#include "sim/task/task.h"
#include "viewer/drawing/opengl/gpu_mesh.h"
#include "viewer/drawing/scene/palette.h"

namespace medal {

/// What is made once for a task and drawn in every frame.
struct TaskMeshes {
  std::shared_ptr<const Task> task;  ///< null before the first
  GpuMesh ground, obstacles;
  std::vector<FlatVertex> walls;
  GlTexture light_map;                                     ///< see LightMap
  Vec2 height_range = Vec2(-1, 1);                         ///< m, of the ground
  Eigen::Matrix4f from_sun = Eigen::Matrix4f::Identity();  ///< world to the sun's clip space
};

/// `light_map_side`: texels.
TaskMeshes make_task_meshes(const std::shared_ptr<const Task>& task, const Palette& palette, int light_map_side);

}  // namespace medal
