#pragma once

#include <pybind11/pybind11.h>

#include <memory>

#include "sim/episode/batched_environment.h"

namespace medal {

/// Experts that a Python function makes: factory(task, seed) gives what is called with an ExpertView at each step and
/// returns its action (sensing: the view has an observation too), or None for one that stands still. They are called
/// from whatever thread steps the world; they take the interpreter's lock themselves.
ExpertFactory python_experts(pybind11::object factory, bool sensing, const LidarOptions& lidar);

}  // namespace medal
