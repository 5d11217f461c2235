#pragma once

#include <vector>

#include "sim/base/random.h"
#include "sim/task/task.h"

namespace medal {

/// Full-bright colour of a hue in [0, 1): 0 is red, a third green, two thirds blue.
Vec3 hue_to_rgb(float hue);

inline constexpr float kDarkest = 0.3F;

/// Gives the goals colours that say nothing of the order, from the task's knobs. `even`: hues evenly apart from a
/// random one on. `random`: uniform in the RGB cube, at least colour_distance from each other and kDarkest from black,
/// which is what a ray that sees no goal tells.
void colour_goals(const TaskParameters& parameters, std::vector<Goal>& goals, Random& random);

}  // namespace medal
