#pragma once

#include <string>

#include "viewer/overlay/overlay.h"

namespace medal {

/// Gives the current ImGui context the look of the overlays: dark translucent plates, round corners, at that scale.
void apply_theme(const OverlayStyle& style);

/// Where a panel begins that does not move. To be closed by ImGui::End() whatever it returns.
bool begin_panel(const char* name, const OverlayArea& area);
/// The same, but as high as its content; `pivot` (0 .. 1 each) says which point of it lies at `place`.
bool begin_fitting_panel(const char* name, ImVec2 place, ImVec2 pivot, float width = 0);

/// A line in the accent colour; a line in grey.
void heading(const char* text);
void dim_text(const std::string& text);
/// Explains the item before it once the mouse rests on it.
void tooltip(const std::string& text, float scale);

}  // namespace medal
