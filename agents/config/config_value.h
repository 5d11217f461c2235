#pragma once

#include <toml++/toml.h>

#include <cstdint>
#include <string>
#include <vector>

#include "sim/base/options.h"

namespace medal {

/// One value that somebody gave, with what an error message about it needs.
struct ConfigEntry {
  std::string key;    ///< "task.goals"
  std::string where;  ///< "quick.toml:12" or "--set task.goals=9"
  const toml::node* value = nullptr;
};

/// Throws UserError "where: key why".
[[noreturn]] void reject(const ConfigEntry& entry, const std::string& why);

/// Checks type and range against the field and stores the value. Throws UserError. Whole floats are accepted where an
/// integer is wanted (12e6); an enumeration is given by name.
void read_value(const ConfigEntry& entry, const Field& field, bool& out);
void read_value(const ConfigEntry& entry, const Field& field, int& out);
void read_value(const ConfigEntry& entry, const Field& field, std::int64_t& out);
void read_value(const ConfigEntry& entry, const Field& field, float& out);
void read_value(const ConfigEntry& entry, const Field& field, double& out);
void read_value(const ConfigEntry& entry, const Field& field, std::string& out);
void read_value(const ConfigEntry& entry, const Field& field, std::vector<float>& out);

/// The value as TOML; numbers in the shortest form that reads back the same.
std::string value_text(const Field& field, bool value);
std::string value_text(const Field& field, int value);
std::string value_text(const Field& field, std::int64_t value);
std::string value_text(const Field& field, float value);
std::string value_text(const Field& field, double value);
std::string value_text(const Field& field, const std::string& value);
std::string value_text(const Field& field, const std::vector<float>& value);

/// What a field takes, in words: "3 .. 8", "0 .. 2 m", "true or false", "lstm or none", "text".
std::string range_text(const Field& field, bool);
std::string range_text(const Field& field, const std::string&);
std::string range_text(const Field& field, const std::vector<float>&);
std::string range_text(const Field& field, int);
std::string range_text(const Field& field, std::int64_t);
std::string range_text(const Field& field, double);

}  // namespace medal
