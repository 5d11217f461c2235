#pragma once

#include <pybind11/pybind11.h>

#include <string>
#include <vector>

#include "experiments/config/config.h"

namespace medal {

/// A preset, a file or, where it has lines, the text of an agent's config, with overrides ("section.key=value") over
/// it. Throws UserError.
Config open_config(const std::string& config, const std::vector<std::string>& overrides);

/// What the numbers of an observation are: (name, offset, length, unit, low, high) of each slice.
pybind11::list slices_of(const LidarOptions& lidar);

}  // namespace medal
