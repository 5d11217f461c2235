#pragma once

#include "sim/task/task.h"
#include "viewer/drawing/scene/palette.h"
#include "viewer/drawing/shapes/mesh.h"

namespace medal {

/// The height grid exactly as physics has it (same triangles), with smooth normals, on a block of earth. `paint` is 1
/// on the block's sides.
Mesh make_ground(const Terrain& terrain);
/// All obstacles, a little rounded; bars are striped.
Mesh make_obstacles(const Task& task, const Palette& palette);

}  // namespace medal
