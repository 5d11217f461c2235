#include "viewer/overlay/overlay_font.h"

#include <imgui.h>

#include <cmath>
#include <filesystem>

#include "viewer/overlay/overlay_parts.h"

namespace medal {

void load_overlay_font(float scale) {
  ImFontAtlas& fonts = *ImGui::GetIO().Fonts;
  const float height = std::round(kTextHeight * scale);
#ifdef MEDAL_FONT
  std::error_code ignored;
  // Checked first: ImGui asserts where a font is missing.
  if (std::filesystem::is_regular_file(MEDAL_FONT, ignored) && fonts.AddFontFromFileTTF(MEDAL_FONT, height) != nullptr)
    return;
#endif
  ImFontConfig config;
  config.SizePixels = height;
  fonts.AddFontDefault(&config);
}

}  // namespace medal
