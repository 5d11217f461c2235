#pragma once

#include <string>

#include "experiments/config/config.h"

namespace medal {

/// Every option, resolved, each below a comment with its meaning, unit and range, and the version of this program.
/// Reads back as the same Config, in later programs too: options that they add have the value of its time then
/// (Field::in_older_files), and those that they renamed are found by Field::formerly.
std::string config_to_toml(const Config& config);

/// Every key with default, unit, range and meaning, for --help.
std::string options_help();

}  // namespace medal
