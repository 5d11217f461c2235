#include "sim/task/parameters_json.h"

#include <string>
#include <type_traits>

namespace medal {

nlohmann::json parameters_to_json(TaskParameters parameters) {
  nlohmann::json result = nlohmann::json::object();
  describe(parameters, [&](const Field& field, auto& value) { result[std::string(field.name)] = value; });
  return result;
}

TaskParameters parameters_from_json(const nlohmann::json& source) {
  TaskParameters parameters;
  describe(parameters, [&](const Field& field, auto& value) {
    value = source.at(std::string(field.name)).get<std::remove_reference_t<decltype(value)>>();
  });
  return parameters;
}

}  // namespace medal
