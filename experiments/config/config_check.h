#pragma once

#include <map>
#include <string>

#include "experiments/config/config.h"

namespace medal {

/// Where each key ("task.goals") was given last, such as "FILE:LINE".
using Origins = std::map<std::string, std::string>;

/// What is wrong between options, each of which is in its range. Throws UserError that names the place where the first
/// of the keys was given.
void check_config(const Config& config, const Origins& origins);

}  // namespace medal
