#pragma once

#include <vector>

#include "sim/base/vector.h"

namespace medal {

/// Number of crossings between the chords of a closed tour (Vec2 in visiting order).
int count_crossings(const std::vector<Vec2>& tour);

}  // namespace medal
