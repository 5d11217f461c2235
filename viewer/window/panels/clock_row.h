#pragma once

#include "viewer/sessions/pacing.h"

namespace medal {

/// Buttons in the current ImGui window: pause or go on, one step, speed.
void show_clock_row(Pacing& pacing, float scale);

/// The speed alone, 0.25x .. 16x.
void show_speed(Pacing& pacing, float scale);

}  // namespace medal
