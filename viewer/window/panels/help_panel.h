#pragma once

#include <span>
#include <string>

#include "viewer/window/window.h"

namespace medal {

/// A key and what it does.
struct KeyLine {
  const char* keys;
  const char* meaning;
};

/// All keys of a screen, over everything else, and what the drawing costs.
void show_help(const Window& window, const char* title, std::span<const KeyLine> lines);

/// The line that tells how to get there: at the lower right of an area, beside the map where that is shown.
void show_help_hint(const Window& window, const OverlayArea& area, bool beside_map);

}  // namespace medal
