#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "experiments/config/config.h"

namespace medal {

/// What `load_config` reads when no file is named.
inline constexpr const char* kDefaultPreset = "quick";

/// The defaults of all options, with the evaluation tasks that follow from them.
Config default_config();

/// Reads a preset or a file (kDefaultPreset if null), lays the overrides ("section.key=value") over it and checks the
/// whole. Throws UserError: one line that names file and line, the key and the mend.
Config load_config(const std::filesystem::path* file, const std::vector<std::string>& overrides);

/// The same from a text; `source_name` stands for the file in messages. Relative paths in `extends` begin in the
/// working folder.
Config config_from_toml(const std::string& text, const std::string& source_name,
                        const std::vector<std::string>& overrides = {});

/// Every option, resolved, each below a comment with its meaning, unit and range, and the version of this program.
/// Reads back as the same Config, in later programs too: options that they add have the value of its time then
/// (Field::in_older_files), and those that they renamed are found by Field::formerly.
std::string config_to_toml(const Config& config);

/// Names of the presets that are built into the program, sorted.
std::vector<std::string> preset_names();

/// Every key with default, unit, range and meaning, for --help.
std::string options_help();

}  // namespace medal
