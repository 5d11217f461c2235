#pragma once

#include <pybind11/pybind11.h>

namespace medal {

// What the module medal._medal is made of: a file each. experiments/python/medal has the same for people.
void bind_errors(pybind11::module_& module);
void bind_config(pybind11::module_& module);
void bind_task(pybind11::module_& module);
void bind_replay(pybind11::module_& module);
void bind_expert(pybind11::module_& module);
void bind_worlds(pybind11::module_& module);
void bind_agent(pybind11::module_& module);
void bind_evaluation(pybind11::module_& module);

}  // namespace medal
