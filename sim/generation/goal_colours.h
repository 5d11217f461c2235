#pragma once

#include <vector>

#include "sim/base/random.h"
#include "sim/task/task.h"

namespace medal {

/// Full-bright colour of a hue in [0, 1): 0 is red, a third green, two thirds blue.
Vec3 hue_to_rgb(float hue);

/// Hues evenly apart, so that goals can be told from each other, from a random one on: they say nothing of the order.
void colour_goals(std::vector<Goal>& goals, Random& random);

}  // namespace medal
