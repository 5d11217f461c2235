#pragma once

#include <vector>

#include "agents/evaluation/play_episodes.h"

namespace medal {

/// The same players, of whom learner i stands still before its step, from_step[i], and begins with an empty memory
/// then. All episodes must have begun together.
Seats late_seats(Seats seats, std::vector<int> from_step);

}  // namespace medal
