#pragma once

#include <nlohmann/json.hpp>
#include <span>
#include <string>
#include <vector>

#include "sim/task/action.h"

namespace medal {

/// Actions with the names of their components, for CBOR: {"components": [...], "values": floats, little-endian}.
nlohmann::json actions_to_json(std::span<const Action> actions);

/// A component that the text lacks is newer than it: it stays as in Action{}, which asks for nothing. Medal 0.1.0 wrote
/// the floats of its five components alone; that is still read. `writer` is the version of the program that wrote it.
/// Throws UserError on components that this program does not have, and nlohmann::json::exception on malformed text.
std::vector<Action> actions_from_json(const nlohmann::json& source, const std::string& writer);

}  // namespace medal
