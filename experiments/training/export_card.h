#pragma once

#include <nlohmann/json.hpp>
#include <string>

#include "agents/checkpoint/checkpoint.h"
#include "experiments/runs/loaded_agent.h"

namespace medal {

/// What is to be known of an exported agent: name, nearest preset and overrides, training, machine, program,
/// parameters, held-out evaluation, and the commands that made it. `folder` is how a command line names where it goes;
/// `evaluation` the JSON of `medal eval`, of which the single tasks are left out.
nlohmann::ordered_json export_card(const LoadedAgent& agent, const Checkpoint& checkpoint, const std::string& folder,
                                   const nlohmann::ordered_json& evaluation);

/// README.md: the card for a person.
std::string card_readme(const nlohmann::ordered_json& card);

}  // namespace medal
