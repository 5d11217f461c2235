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
  const auto look_up = [this](const std::string& in, std::string_view key) -> const toml::node* {
    const toml::table* options = table_[in].as_table();
    return options == nullptr ? nullptr : options->get(key);
  };
  const toml::node* found = look_up(section, field.name);
  if (found != nullptr || field.former.empty()) return found;
  const std::size_t dot = field.former.rfind('.');  // "section.key" where it has moved
  if (dot == std::string_view::npos) return look_up(section, field.former);
  return look_up(std::string(field.former.substr(0, dot)), field.former.substr(dot + 1));
}

}  // namespace medal
