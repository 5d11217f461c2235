#pragma once

#include <CLI/CLI.hpp>
#include <optional>
#include <string>
#include <string_view>

#include "experiments/config/number_text.h"

namespace medal {

/// An option that takes a number: read alike everywhere (read_number), within low .. high.
template <class Number>
CLI::Option* add_number(CLI::App& verb, const std::string& name, Number& value, const Field& field) {
  const auto read = [name, field, &value](const std::string& text) { read_number(name, field, text, value); };
  return verb.add_option_function<std::string>(name, read, std::string(field.help));
}

template <class Number>
CLI::Option* add_number(CLI::App& verb, const std::string& name, std::optional<Number>& value, const Field& field) {
  const auto read = [name, field, &value](const std::string& text) { read_number(name, field, text, value.emplace()); };
  return verb.add_option_function<std::string>(name, read, std::string(field.help));
}

/// Which task: any seed.
template <class Number>
CLI::Option* add_seed(CLI::App& verb, Number& value, std::string_view sentence) {
  return add_number(verb, "--seed", value, Field{"", "", 0, 2147483647, sentence});
}

}  // namespace medal
