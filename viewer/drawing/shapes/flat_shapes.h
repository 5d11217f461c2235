#pragma once

#include <vector>

#include "sim/task/task.h"
#include "viewer/drawing/scene/palette.h"
#include "viewer/drawing/scene/scene.h"
#include "viewer/drawing/shapes/mesh.h"

namespace medal {

/// Triangles that lie on the ground below all else: contact shadows, rings that show headings, trails, the order,
/// marks at the goals, rings around beliefs.
std::vector<FlatVertex> ground_shapes(const Scene& scene, const Palette& palette);
/// Triangles of the arena's four walls, seen from inside only: from outside they must not hide the view.
std::vector<FlatVertex> wall_shapes(const Task& task);
/// LIDAR: lines from the eye to what was hit, and points at the hits. `scale`: of the points.
std::vector<FlatVertex> lidar_lines(const Scene& scene, const Palette& palette);
std::vector<FlatVertex> lidar_points(const Scene& scene, const Palette& palette, float scale);

}  // namespace medal
