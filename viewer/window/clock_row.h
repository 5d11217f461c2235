#pragma once

#include "viewer/sessions/pacing.h"

namespace medal {

/// Buttons in the current ImGui window: pause or go on, one step, speed.
void show_clock_row(Pacing& pacing, float scale);

/// "0.25x" .. "16x".
const char* speed_name(double speed);

}  // namespace medal
