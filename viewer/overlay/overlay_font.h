#pragma once

namespace medal {

/// Gives the current ImGui context a font that is sharp at that scale: DejaVu Sans where it is installed, else ImGui's
/// own. Before the first frame.
void load_overlay_font(float scale);

}  // namespace medal
