#include "experiments/python/binding/binding.h"

PYBIND11_MODULE(_medal, module) {
  module.doc() = "The compiled part of the package medal; its other files are for people.";
  medal::bind_errors(module);
  medal::bind_config(module);
  medal::bind_task(module);
  medal::bind_replay(module);
  medal::bind_expert(module);
  medal::bind_worlds(module);
  medal::bind_agent(module);
  medal::bind_evaluation(module);
}
