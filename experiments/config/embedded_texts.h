#pragma once

#include <string_view>
#include <vector>

namespace medal {

/// A file that is built into the program (cmake/EmbedTexts.cmake).
struct EmbeddedText {
  std::string_view name;  ///< the file's, without folder and ending
  std::string_view text;
};

/// Both sorted by name: experiments/presets/NAME.toml and experiments/plots/NAME.py.
const std::vector<EmbeddedText>& embedded_presets();
const std::vector<EmbeddedText>& embedded_scripts();

}  // namespace medal
