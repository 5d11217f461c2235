#pragma once

#include <nlohmann/json.hpp>
#include <string>

#include "sim/task/task_parameters.h"

namespace medal {

/// Every knob by its name; enumerations by theirs. Lossless.
nlohmann::json parameters_to_json(TaskParameters parameters);

/// Knobs that the text lacks are newer than it and have their value of that time (Field::in_older_files). Medal 0.1.0
/// wrote enumerations as their index; that is still read. `writer` is the version of the program that wrote the text.
/// Throws UserError that names the knob where it is unknown here, of a wrong type or out of its range.
TaskParameters parameters_from_json(const nlohmann::json& source, const std::string& writer);

}  // namespace medal
