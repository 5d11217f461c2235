#pragma once

#include "viewer/sessions/session_view.h"
#include "viewer/window/panels/cell_strip.h"
#include "viewer/window/window.h"

namespace medal {

/// What the watched agent knows: value, whether it believes to see the expert, what it is likely to do, its memory.
class KnowledgePanel {
 public:
  bool open = true;
  /// Pixels that it takes at the right.
  float width(const Window& window, const SessionView& view) const;
  /// At the right edge of the window, from the top down to `bottom` (pixels) at most. Nothing where no agent is
  /// watched.
  void show(const Window& window, const SessionView& view, float bottom);

 private:
  CellStrip strip_;
};

}  // namespace medal
