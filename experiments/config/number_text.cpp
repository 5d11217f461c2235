#include "experiments/config/number_text.h"

#include <charconv>

#include "agents/config/config_value.h"
#include "experiments/config/config_layers.h"

namespace medal {
namespace {

template <class Number>
void read(const std::string& option, const Field& field, const std::string& text, Number& out) {
  toml::table table;
  try {
    table = toml::parse("value = " + text);
  } catch (const toml::parse_error&) {  // no TOML: what the reader refuses as text
  }
  if (table.size() != 1 || text.find('\n') != std::string::npos) {
    table.clear();
    table.insert("value", text);
  }
  read_value({option, "", table.get("value")}, field, out);
}

}  // namespace

void read_number(const std::string& option, const Field& field, const std::string& text, int& out) {
  read(option, field, text, out);
}
void read_number(const std::string& option, const Field& field, const std::string& text, std::int64_t& out) {
  read(option, field, text, out);
}
void read_number(const std::string& option, const Field& field, const std::string& text, float& out) {
  read(option, field, text, out);
}
void read_number(const std::string& option, const Field& field, const std::string& text, double& out) {
  read(option, field, text, out);
}

void read_number(const std::string& option, const Field&, const std::string& text, std::uint64_t& out) {
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), out);
  if (error == std::errc() && end == text.data() + text.size()) return;
  constexpr double kMost = 9e18;  // what is written otherwise has no more digits
  std::int64_t whole = 0;
  read(option, Field{"", "", 0, kMost, ""}, text, whole);
  out = static_cast<std::uint64_t>(whole);
}

}  // namespace medal
