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

/// The one line that tells how to get there.
void show_help_hint(const Window& window, float bottom);

}  // namespace medal
