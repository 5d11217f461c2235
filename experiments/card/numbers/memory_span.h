#pragma once

#include "experiments/card/numbers/played.h"

namespace medal {

/// How long a learner keeps to what it was shown, in s from alone.begin on: until the beginning of the first
/// kMemoryWindow in which it scores less than half of what the expert does; alone.end - alone.begin where there is
/// none.
double memory_span(const Track& learner, const Track& expert, float rate, const Span& alone);

inline constexpr double kMemoryWindow = 30;  ///< s; windows begin each 10 s

}  // namespace medal
