#pragma once

#include <algorithm>
#include <cstdint>
#include <limits>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>
#include <variant>
#include <vector>

#include "sim/base/error.h"

namespace medal {

/// What is known about one option: declared once, beside the struct that holds it, in a function
///
///     template <class Visitor> void describe(SomeOptions& options, Visitor&& visit)
///
/// that calls `visit(Field{...}, options.member)` for each member. The member's type is one of bool, int, std::int64_t,
/// float, double, std::string, std::vector<float>; or int with `choices` (an enumeration, written by its name).
/// TOML reading, `--set`, `--help`, the saved config, replays and checkpoints, ADR ranges and the viewer's sliders all
/// visit these.
struct Field {
  std::string_view name;
  std::string_view unit;  ///< "m", "s", "1/m^2" ...; empty for none
  double low = -std::numeric_limits<double>::infinity();
  double high = std::numeric_limits<double>::infinity();
  std::string_view help;  ///< one sentence
  std::span<const std::string_view> choices = {};
  std::string_view former = {};  ///< its name in older files, which is still read: "key", or "section.key" if it moved

  /// What a file means that the program wrote in full and that does not name this option; nothing: the default.
  std::variant<std::monostate, double, std::string_view> older_value = {};

  /// Files that were written before there was this option, or before its default changed, mean this value: a number
  /// (0 or 1 for bool), or the name of a choice or a text. Needed wherever the default is not what programs without the
  /// option did.
  constexpr Field in_older_files(std::variant<std::monostate, double, std::string_view> value) const {
    Field field = *this;
    field.older_value = value;
    return field;
  }

  /// Sets `former`.
  constexpr Field formerly(std::string_view name) const {
    Field field = *this;
    field.former = name;
    return field;
  }
};

/// Index of the choice that is called `name`, -1 where none is.
inline int choice_index(std::span<const std::string_view> choices, std::string_view name) {
  const auto found = std::find(choices.begin(), choices.end(), name);
  return found == choices.end() ? -1 : static_cast<int>(found - choices.begin());
}

/// An option that is one of `choices`, the names of an enumeration's values in their order.
constexpr Field choice_field(std::string_view name, std::string_view help, std::span<const std::string_view> choices) {
  return Field{name, "", 0, static_cast<double>(choices.size()) - 1, help, choices};
}

/// Visits an enumeration as its index into `field.choices`.
template <class Enum, class Visitor>
void visit_choice(Visitor&& visit, const Field& field, Enum& value) {
  int index = static_cast<int>(value);
  visit(field, index);
  value = static_cast<Enum>(index);
}

/// Sets `value` to what older files mean by not naming it; leaves it alone where that is the default.
template <class Value>
void set_older_value(const Field& field, Value& value) {
  if (const double* number = std::get_if<double>(&field.older_value)) {
    if constexpr (std::is_arithmetic_v<Value>) {
      value = static_cast<Value>(*number);
      return;
    }
  } else if (const std::string_view* text = std::get_if<std::string_view>(&field.older_value)) {
    if constexpr (std::is_same_v<Value, std::string>) {
      value = std::string(*text);
      return;
    } else if constexpr (std::is_same_v<Value, int>) {
      value = choice_index(field.choices, *text);
      MEDAL_CHECK(value >= 0, std::string(*text));
      return;
    }
  } else {
    return;
  }
  MEDAL_CHECK(false, "the value of " + std::string(field.name) + " in older files is of another type");
}

/// Makes of default options what a file means that the program wrote in full and that names none of them.
template <class Options>
void set_older_values(Options& options) {
  describe(options, [](const Field& field, auto& value) { set_older_value(field, value); });
}
template <class Options>
Options options_of_older_files() {
  Options options;
  set_older_values(options);
  return options;
}

// An enumeration that users write by name is listed once, and its size follows:
//
//     #define MEDAL_COLOURS(colour) colour(red) colour(green) colour(blue)
//     enum class Colour { MEDAL_COLOURS(MEDAL_ENUMERATOR) };
//     inline constexpr auto kColourNames = std::to_array<std::string_view>({MEDAL_COLOURS(MEDAL_NAME)});
#define MEDAL_ENUMERATOR(name) name,
#define MEDAL_NAME(name) #name,

}  // namespace medal
