#pragma once

#include <vector>

#include "viewer/window/panels/knobs.h"

namespace medal {

/// A slider, field or list for each knob in the current ImGui window. Returns whether one was changed.
bool show_knobs(std::vector<Knob>& knobs, float scale);

}  // namespace medal
