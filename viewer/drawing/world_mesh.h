#pragma once

#include "sim/task.h"
#include "viewer/drawing/mesh.h"
#include "viewer/drawing/palette.h"

namespace medal {

/// The height grid exactly as physics has it (same triangles), with smooth normals, on a block of earth. `paint` is 1
/// on the block's sides.
Mesh make_ground(const Terrain& terrain);
/// All obstacles, a little rounded; bars are striped.
Mesh make_obstacles(const Task& task, const Palette& palette);

}  // namespace medal
