#pragma once

#include <cstdint>
#include <limits>
#include <span>
#include <string>
#include <string_view>

namespace medal {

/// What is known about one option: declared once, beside the struct that holds it, in a function
///
///     template <class Visitor> void describe(SomeOptions& options, Visitor&& visit)
///
/// that calls `visit(Field{...}, options.member)` for each member. The member's type is one of bool, int, std::int64_t,
/// float, double, std::string, std::vector<float>; or int with `choices` (an enumeration, written by its name).
/// TOML reading, `--set`, `--help`, the saved config, ADR ranges and the viewer's sliders all visit these.
struct Field {
  std::string_view name;
  std::string_view unit;  ///< "m", "s", "1/m^2" ...; empty for none
  double low = -std::numeric_limits<double>::infinity();
  double high = std::numeric_limits<double>::infinity();
  std::string_view help;  ///< one sentence
  std::span<const std::string_view> choices = {};
  std::string_view former = {};  ///< its name in files of earlier versions, which is still read
};

/// Visits an enumeration as its index into `field.choices`.
template <class Enum, class Visitor>
void visit_choice(Visitor&& visit, const Field& field, Enum& value) {
  int index = static_cast<int>(value);
  visit(field, index);
  value = static_cast<Enum>(index);
}

}  // namespace medal
