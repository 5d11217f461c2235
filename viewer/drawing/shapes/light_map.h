#pragma once

#include <cstdint>
#include <vector>

#include "sim/task/task.h"

namespace medal {

/// What the ground receives besides the sun, seen from above: rgb is the glow of the goals, a how open the place is to
/// the sky (less beside obstacles and in hollows). Row 0 is at -Y.
struct LightMap {
  int side = 0;                      ///< texels
  std::vector<std::uint8_t> texels;  ///< side * side * 4
};
LightMap make_light_map(const Task& task, int side);

}  // namespace medal
