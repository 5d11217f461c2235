#include "agents/config/config_value.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <limits>

#include "sim/base/error.h"
#include "sim/base/nearest_name.h"

namespace medal {

namespace {

template <class Number>
std::string shortest(Number value) {
  char buffer[64];
  const auto end = std::to_chars(buffer, buffer + sizeof buffer, value).ptr;
  return {buffer, end};
}

/// A float that TOML does not take for an integer.
template <class Number>
std::string float_text(Number value) {
  std::string text = shortest(value);
  if (text.find_first_of(".en") == std::string::npos) text += ".0";
  return text;
}

std::string quoted(const std::string& text) {
  std::string out = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') out += '\\';
    out += c;
  }
  return out + '"';
}

/// The value as the user wrote it, on one line.
std::string given_text(const toml::node& node) {
  if (const auto number = node.as_integer()) return shortest(number->get());
  if (const auto number = node.as_floating_point()) return shortest(number->get());
  if (const auto text = node.as_string()) {
    std::string line = quoted(text->get());
    std::replace(line.begin(), line.end(), '\n', ' ');
    return line;
  }
  if (const auto flag = node.as_boolean()) return flag->get() ? "true" : "false";
  if (node.is_array()) return "a list";
  return node.is_table() ? "a table" : "a date or time";
}

[[noreturn]] void reject_value(const ConfigEntry& entry, const std::string& wanted) {
  reject(entry, "must be " + wanted + ", not " + given_text(*entry.value));
}

double number_in_range(const ConfigEntry& entry, const Field& field, const toml::node& node, const std::string& kind) {
  const std::string wanted = kind + " in " + range_text(field, 0.0);
  if (!node.is_number()) reject(entry, "must be " + wanted + ", not " + given_text(node));
  // toml++ gives no double for an integer that has none of its own.
  const auto exact = node.as_integer();
  const double number = exact ? static_cast<double>(exact->get()) : node.as_floating_point()->get();
  if (!(number >= field.low && number <= field.high))
    reject(entry, "must be " + wanted + ", not " + given_text(node));  // NaN ends here too
  return number;
}

std::int64_t integer_in_range(const ConfigEntry& entry, const Field& field) {
  const double number = number_in_range(entry, field, *entry.value, "a whole number");
  if (const auto exact = entry.value->as_integer()) return exact->get();
  if (number != std::floor(number)) reject_value(entry, "a whole number in " + range_text(field, 0.0));
  return static_cast<std::int64_t>(number);
}

std::string choices_text(const Field& field) {
  std::string text;
  for (std::size_t i = 0; i < field.choices.size(); ++i) {
    if (i > 0) text += i + 1 == field.choices.size() ? " or " : ", ";
    text += field.choices[i];
  }
  return text;
}

int choice_index(const ConfigEntry& entry, const Field& field) {
  const auto text = entry.value->as_string();
  if (!text) reject_value(entry, choices_text(field));
  for (std::size_t i = 0; i < field.choices.size(); ++i)
    if (field.choices[i] == text->get()) return static_cast<int>(i);
  const std::vector<std::string> names(field.choices.begin(), field.choices.end());
  reject(entry, "must be " + choices_text(field) + ", not " + given_text(*entry.value) + "; the nearest is '" +
                    nearest_name(text->get(), names) + "'");
}

}  // namespace

void reject(const ConfigEntry& entry, const std::string& why) {
  throw UserError((entry.where.empty() ? "" : entry.where + ": ") + entry.key + " " + why);
}

void read_value(const ConfigEntry& entry, const Field&, bool& out) {
  const auto flag = entry.value->as_boolean();
  if (!flag) reject_value(entry, "true or false");
  out = flag->get();
}

void read_value(const ConfigEntry& entry, const Field& field, int& out) {
  out = field.choices.empty() ? static_cast<int>(integer_in_range(entry, field)) : choice_index(entry, field);
}

void read_value(const ConfigEntry& entry, const Field& field, std::int64_t& out) {
  out = integer_in_range(entry, field);
}

void read_value(const ConfigEntry& entry, const Field& field, float& out) {
  out = static_cast<float>(number_in_range(entry, field, *entry.value, "a number"));
}

void read_value(const ConfigEntry& entry, const Field& field, double& out) {
  out = number_in_range(entry, field, *entry.value, "a number");
}

void read_value(const ConfigEntry& entry, const Field&, std::string& out) {
  const auto text = entry.value->as_string();
  if (!text) reject_value(entry, "text");
  for (const char c : text->get())
    if (static_cast<unsigned char>(c) < 0x20) reject(entry, "must be one line of text without control characters");
  out = text->get();
}

void read_value(const ConfigEntry& entry, const Field& field, std::vector<float>& out) {
  const auto list = entry.value->as_array();
  if (!list || list->empty()) reject(entry, "must be a list with numbers in " + range_text(field, 0.0));
  std::vector<float> numbers;
  for (const toml::node& item : *list)
    numbers.push_back(static_cast<float>(number_in_range(entry, field, item, "a list with every number")));
  out = numbers;
}

std::string value_text(const Field&, bool value) { return value ? "true" : "false"; }

std::string value_text(const Field& field, int value) {
  if (field.choices.empty()) return shortest(value);
  return quoted(std::string(field.choices[static_cast<std::size_t>(value)]));
}

std::string value_text(const Field&, std::int64_t value) { return shortest(value); }
std::string value_text(const Field&, float value) { return float_text(value); }
std::string value_text(const Field&, double value) { return float_text(value); }
std::string value_text(const Field&, const std::string& value) { return quoted(value); }

std::string value_text(const Field&, const std::vector<float>& value) {
  std::string text = "[";
  for (std::size_t i = 0; i < value.size(); ++i) text += (i > 0 ? ", " : "") + float_text(value[i]);
  return text + "]";
}

std::string range_text(const Field&, bool) { return "true or false"; }
std::string range_text(const Field&, const std::string&) { return "text"; }

std::string range_text(const Field& field, const std::vector<float>&) {
  return "list of numbers in " + range_text(field, 0.0);
}

std::string range_text(const Field& field, int) { return range_text(field, 0.0); }
std::string range_text(const Field& field, std::int64_t) { return range_text(field, 0.0); }

std::string range_text(const Field& field, double) {
  if (!field.choices.empty()) return choices_text(field);
  const std::string unit = field.unit.empty() ? "" : " " + std::string(field.unit);
  return shortest(field.low) + " .. " + shortest(field.high) + unit;
}

}  // namespace medal
