#include "agents/evaluation/evaluation.h"

#include <pybind11/stl.h>

#include "experiments/python/binding/agent.h"
#include "experiments/python/binding/arrays.h"
#include "experiments/python/binding/binding.h"
#include "experiments/python/binding/config.h"

namespace medal {
namespace {

namespace py = pybind11;

/// A Python function of (observations [N, O], starts [N]) to actions [N, kActionSize]; `starts` is true where an
/// episode begins.
BatchPolicy python_policy(const py::object& act) {
  auto starting = std::make_shared<bool>(true);
  BatchPolicy policy;
  policy.reset = [starting](std::span<const std::uint64_t>) { *starting = true; };
  policy.act = [act, starting](std::span<const float> observations, std::span<Action> actions) {
    const py::gil_scoped_acquire lock;
    const auto learners = static_cast<py::ssize_t>(actions.size());
    const auto width = static_cast<py::ssize_t>(observations.size()) / learners;
    const py::array_t<float> rows = copy_of<float>(observations, {learners, width});
    const py::object starts = py::array_t<std::uint8_t>(learners);
    starts.attr("fill")(*starting ? 1 : 0);
    *starting = false;
    read_actions(act(rows, starts.attr("view")("bool")), actions, "the policy's actions");
  };
  return policy;
}

std::string evaluate_policy(const BatchPolicy& policy, const Config& config) {
  const py::gil_scoped_release release;
  return evaluation_to_json(evaluate(policy, config.evaluation_task, config.evaluation, config.environment.lidar));
}

}  // namespace

void bind_evaluation(py::module_& module) {
  module.def(
      "evaluate_agent",
      [](PythonAgent& agent, const std::vector<std::string>& overrides) {
        const Config config = agent.config(overrides);
        return evaluate_policy(agent_policy(agent.agent(), config.evaluation.sample_actions, kPolicySeed), config);
      },
      py::arg("agent"), py::arg("overrides"));
  module.def(
      "evaluate_callable",
      [](const py::object& policy, const std::string& config, const std::vector<std::string>& overrides) {
        return evaluate_policy(python_policy(policy), open_config(config, overrides));
      },
      py::arg("policy"), py::arg("config"), py::arg("overrides"));
}

}  // namespace medal
