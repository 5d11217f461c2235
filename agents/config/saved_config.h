#pragma once

#include <toml++/toml.h>

#include <string>
#include <string_view>

#include "agents/config/config_value.h"

namespace medal {

/// The config that a program saved with an agent: every option that it knew, as TOML. For those who need some sections
/// of it alone; experiments/config reads configs whole, and those that people write.
class SavedConfig {
 public:
  /// `name` stands for the text in messages. Throws UserError on malformed TOML.
  SavedConfig(const std::string& text, const std::string& name);

  /// The options of a section; one that is not there has its value of that time (Field::in_older_files). Throws
  /// UserError on a value out of range.
  template <class Options>
  Options section(const std::string& section) const {
    auto options = options_of_older_files<Options>();
    describe(options, [&](const Field& field, auto& value) {
      const toml::node* node = find(section, field);
      if (node != nullptr) read_value({section + "." + std::string(field.name), name_, node}, field, value);
    });
    return options;
  }

 private:
  /// The option by its name, or by the one that it once had; null where there is neither.
  const toml::node* find(const std::string& section, const Field& field) const;

  toml::table table_;
  std::string name_;
};

}  // namespace medal
