#pragma once

#include <string>
#include <variant>
#include <vector>

#include "sim/task/task_parameters.h"

namespace medal {

/// One knob of a task, as a control can show it: what describe() declares, and the value.
struct Knob {
  Field field;  ///< a value with `choices` is an index into them
  std::variant<float, int> value;
  bool is_choice() const { return !field.choices.empty(); }
};

/// All knobs, in the order of their declaration.
std::vector<Knob> knobs_of(TaskParameters parameters);

/// The parameters that knobs stand for: `parameters`, but with their values, each clamped to its range.
TaskParameters with_knobs(TaskParameters parameters, const std::vector<Knob>& knobs);

/// "arena_size" as "arena size [m]".
std::string knob_label(const Field& field);
/// What the knob does, its range and the name that --set takes.
std::string knob_help(const Field& field);

}  // namespace medal
