#pragma once

#include <nlohmann/json.hpp>

#include "sim/base/vector.h"
#include "sim/task/task.h"

namespace medal {

/// "#rrggbb" of an sRGB colour in [0, 1].
std::string page_colour(const Vec3& colour);

/// What stands still in a page: terrain, obstacles, goals and their hidden order. Lengths in m.
nlohmann::ordered_json page_world(const Task& task);

/// The shapes that move, as the window draws them: a body that stands, one that crouches, the expert's mark.
nlohmann::ordered_json page_shapes();

}  // namespace medal
