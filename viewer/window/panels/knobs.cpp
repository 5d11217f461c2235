#include "viewer/window/panels/knobs.h"

#include <fmt/format.h>

#include <algorithm>

namespace medal {

std::vector<Knob> knobs_of(TaskParameters parameters) {
  std::vector<Knob> knobs;
  describe(parameters, [&](const Field& field, auto& value) { knobs.push_back({field, value}); });
  return knobs;
}

TaskParameters with_knobs(TaskParameters parameters, const std::vector<Knob>& knobs) {
  describe(parameters, [&](const Field& field, auto& value) {
    using Value = std::decay_t<decltype(value)>;
    const auto knob =
        std::find_if(knobs.begin(), knobs.end(), [&](const Knob& k) { return k.field.name == field.name; });
    if (knob != knobs.end())
      value = std::clamp(std::get<Value>(knob->value), static_cast<Value>(field.low), static_cast<Value>(field.high));
  });
  return parameters;
}

std::string knob_label(const Field& field) {
  std::string label(field.name);
  std::replace(label.begin(), label.end(), '_', ' ');
  return field.unit.empty() ? label : label + " [" + std::string(field.unit) + "]";
}

std::string knob_help(const Field& field) {
  if (!field.choices.empty()) return fmt::format("{}\n--set task.{}=NAME", field.help, field.name);
  return fmt::format("{}\n{:g} .. {:g}{}{}; --set task.{}=VALUE", field.help, field.low, field.high,
                     field.unit.empty() ? "" : " ", field.unit, field.name);
}

}  // namespace medal
