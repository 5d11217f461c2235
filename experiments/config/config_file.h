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

/// Names of the presets that are built into the program, sorted.
std::vector<std::string> preset_names();

}  // namespace medal
