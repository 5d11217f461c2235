#include "agents/config/saved_config.h"

#include "sim/base/error.h"

namespace medal {
namespace {

toml::table parse(const std::string& text, const std::string& name) try {
  return toml::parse(text);
} catch (const toml::parse_error& error) {
  throw UserError(name + " is malformed TOML: " + first_line(error));
}

}  // namespace

SavedConfig::SavedConfig(const std::string& text, const std::string& name) : table_(parse(text, name)), name_(name) {}

const toml::node* SavedConfig::find(const std::string& section, const Field& field) const {
  const toml::table* options = table_[section].as_table();
  if (options == nullptr) return nullptr;
  const toml::node* found = options->get(field.name);
  return found == nullptr && !field.former.empty() ? options->get(field.former) : found;
}

}  // namespace medal
