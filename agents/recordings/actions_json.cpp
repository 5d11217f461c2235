#include "agents/recordings/actions_json.h"

#include <algorithm>
#include <cmath>
#include <cstring>

#include "sim/base/error.h"
#include "sim/base/shown_text.h"
#include "sim/base/version.h"

namespace medal {
namespace {

using nlohmann::json;

/// What medal 0.1.0 wrote, without their names.
const std::vector<std::string> kFirstComponents = {"forward", "strafe", "turn", "jump", "crouch"};

const ActionComponent& component_called(const std::string& name, const std::string& writer) {
  for (const ActionComponent& component : kActionComponents)
    if (component.name == name) return component;
  throw UserError("its actions have a component '" + shown_text(name) + "' that is not known here" +
                  writer_text(writer));
}

}  // namespace

json actions_to_json(std::span<const Action> actions) {
  json names = json::array();
  for (const ActionComponent& component : kActionComponents) names.push_back(component.name);
  std::vector<std::uint8_t> bytes;
  bytes.reserve(actions.size() * kActionComponents.size() * sizeof(float));
  for (const Action& action : actions)
    for (const ActionComponent& component : kActionComponents) {
      std::uint8_t value[sizeof(float)];
      std::memcpy(value, &(action.*component.value), sizeof value);
      bytes.insert(bytes.end(), std::begin(value), std::end(value));
    }
  return {{"components", names}, {"values", json::binary(std::move(bytes))}};
}

std::vector<Action> actions_from_json(const json& source, const std::string& writer) {
  const bool named = source.is_object();
  const auto names = named ? source.at("components").get<std::vector<std::string>>() : kFirstComponents;
  const auto& bytes = (named ? source.at("values") : source).get_binary();
  const std::size_t row = names.size() * sizeof(float);
  if (row == 0 || bytes.size() % row != 0) throw UserError("its actions are cut short");
  std::vector<Action> actions(bytes.size() / row);
  for (std::size_t column = 0; column < names.size(); ++column) {
    const ActionComponent& component = component_called(names[column], writer);
    for (std::size_t i = 0; i < actions.size(); ++i)
      std::memcpy(&(actions[i].*component.value), bytes.data() + i * row + column * sizeof(float), sizeof(float));
  }
  for (const Action& action : actions)
    for (const ActionComponent& component : kActionComponents)
      if (!std::isfinite(action.*component.value)) throw UserError("its actions hold what is no number");
  return actions;
}

}  // namespace medal
