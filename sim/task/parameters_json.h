#pragma once

#include <nlohmann/json.hpp>

#include "sim/task/task_parameters.h"

namespace medal {

/// Every knob by its name; enumerations as their index. Lossless. `from` throws nlohmann::json::exception on missing
/// or wrongly typed knobs.
nlohmann::json parameters_to_json(TaskParameters parameters);
TaskParameters parameters_from_json(const nlohmann::json& source);

}  // namespace medal
