#pragma once

#include <span>

#include "experiments/card/numbers/played.h"
#include "sim/task/footprint.h"

namespace medal {

/// Bars that lay on the straight way from one goal that was entered to the next, by what the player did about them.
struct BarsMet {
  int low_crossed = 0, low_avoided = 0;            ///< jumped over, gone around
  int overhead_crossed = 0, overhead_avoided = 0;  ///< crouched under, gone around
};
BarsMet bars_met(const Task& task, const Track& track);

/// Whether the way between two points comes over the rectangle.
bool crosses(const Footprint& footprint, const Vec2& from, const Vec2& to);

/// Share of the steps that end a second in which the player came less than kStuckDistance far.
double stuck_share(std::span<const Vec2> path, float rate);
inline constexpr float kStuckDistance = 0.4F;  ///< m

}  // namespace medal
