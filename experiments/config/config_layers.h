#pragma once

#include <toml++/toml.h>

#include <filesystem>
#include <string>
#include <vector>

namespace medal {

/// The first key of a file that a program wrote, as `program_version = "0.2.0"`. It marks the file as whole: an option
/// that it does not name is newer than the file and has its value of that time, whereas what a person's file leaves out
/// has today's default.
inline constexpr const char* kProgramVersionKey = "program_version";

/// One TOML text, to be laid over those before it.
struct ConfigLayer {
  toml::table table;
  std::string name;       ///< "quick.toml", "preset quick" or "--set task.goals=9"
  bool has_lines = true;  ///< false for --set
  /// Version of the program that wrote it, with every option that it knew; empty where a person did.
  std::string writer = {};

  /// "quick.toml:12"
  std::string where(const toml::source_region& region) const;
};

/// Each adds layers, lowest first: what the text extends, then itself. `folder` is where relative paths in `extends`
/// begin. Throws UserError on malformed TOML (with line and column), missing files, unknown presets and circles.
void add_text_layers(std::vector<ConfigLayer>& layers, const std::string& text, const std::string& source_name,
                     const std::filesystem::path& folder);
/// `name` is a preset or a path.
void add_file_layers(std::vector<ConfigLayer>& layers, const std::string& name);

/// A TOML file by itself, whatever it holds. Throws UserError as add_file_layers does.
ConfigLayer file_layer(const std::filesystem::path& file);

/// "section.key=value"; the value is TOML, or text without quotes.
ConfigLayer override_layer(const std::string& assignment);

}  // namespace medal
