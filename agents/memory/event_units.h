#pragma once

namespace medal {

/// Of places in event slots and of the control interval as it is observed.
inline constexpr float kPlaceUnit = 10.0F;           // m
inline constexpr float kControlIntervalUnit = 0.1F;  // s

}  // namespace medal
