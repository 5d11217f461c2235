#pragma once

#include <span>
#include <vector>

#include "experiments/card/numbers/played.h"

namespace medal {

/// Seconds at which a player ended laps: each goal of the order once, one after the other, the same way round and back
/// to the first, without a mistake. The next lap begins where the last one ended.
std::vector<double> lap_ends(const std::vector<GoalEntry>& entries, float rate, std::span<const int> order);

/// What these laps took, in s.
std::vector<double> lap_seconds(const std::vector<GoalEntry>& entries, float rate, std::span<const int> order);

}  // namespace medal
