#pragma once

#include <string>
#include <vector>

#include "experiments/config/config.h"

namespace medal {

/// A preset, and what is set over it: "section.key=value", as --set takes it.
struct PresetWithOverrides {
  std::string preset;
  std::vector<std::string> overrides;
};

/// The preset that takes the fewest overrides to give exactly this config.
PresetWithOverrides nearest_preset(const Config& config);

/// As options of a shell's command line: --config quick --set run.seed=2
std::string command_line_text(const PresetWithOverrides& source);

}  // namespace medal
