#include "experiments/python/binding/agent.h"

#include <ATen/ops/from_blob.h>
#include <ATen/ops/index_select.h>
#include <ATen/ops/tensor.h>
#include <pybind11/stl.h>
#include <pybind11/stl/filesystem.h>

#include <nlohmann/json.hpp>

#include "agents/checkpoint/observation_record.h"
#include "agents/heads/heads.h"
#include "agents/layers/initial_weights.h"
#include "agents/memory/memory_cell.h"
#include "agents/network/network.h"
#include "curriculum/curriculum.h"
#include "experiments/config/config_file.h"
#include "experiments/config/config_text.h"
#include "experiments/python/binding/arrays.h"
#include "experiments/python/binding/binding.h"
#include "experiments/python/binding/config.h"
#include "experiments/runs/loaded_agent.h"
#include "experiments/runs/run_folder.h"
#include "sim/base/error.h"
#include "sim/base/version.h"

namespace medal {
namespace {

namespace py = pybind11;

at::Tensor tensor_over(std::span<float> numbers, const std::vector<std::int64_t>& shape) {
  return at::from_blob(numbers.data(), shape, at::kFloat);
}

py::array_t<float> array_of(const at::Tensor& tensor) {
  const at::Tensor plain = tensor.detach().to(at::kCPU).contiguous();
  return py::array_t<float>(Shape(plain.sizes().begin(), plain.sizes().end()), plain.data_ptr<float>());
}

/// Which of the simulator's numbers the network was trained on; empty for all of them, as a rule.
std::vector<std::int64_t> sensed_columns(const Agent& agent) {
  const SensedSlices& sensed = agent.sensed();
  std::vector<std::int64_t> columns;
  if (sensed.layout.size == agent.observation_size()) return columns;
  for (std::size_t i = 0; i < sensed.offsets.size(); ++i)
    for (int k = 0; k < sensed.layout.slices[i].length; ++k) columns.push_back(sensed.offsets[i] + k);
  return columns;
}

py::object actions_array(const at::Tensor& stored, ActionHeadKind kind) {
  const py::array_t<float> values = array_of(stored);
  if (kind == ActionHeadKind::bins) return values.attr("astype")("int64");
  return values.attr("clip")(-1.0, 1.0);
}

}  // namespace

std::unique_ptr<PythonAgent> PythonAgent::load(const std::string& run_or_checkpoint) {
  const Checkpoint checkpoint = open_checkpoint(run_or_checkpoint);
  LoadedAgent loaded = load_agent(checkpoint, {});
  return std::make_unique<PythonAgent>(std::move(loaded.agent), checkpoint.header());
}

std::unique_ptr<PythonAgent> PythonAgent::create(const std::string& name, const std::vector<std::string>& overrides,
                                                 std::uint64_t seed) {
  const Config config = open_config(name, overrides);
  const LidarOptions& lidar = config.environment.lidar;
  seed_weights(seed);
  CheckpointHeader header;
  header.config_toml = config_to_toml(config);
  header.program_version = program_version();
  header.curriculum_json = Curriculum(config.curriculum, config.adr, config.task, config.environment.learners_per_world,
                                      config.run.learners / config.environment.learners_per_world, seed)
                               .to_json();
  header.counters_json = nlohmann::json{{"steps", 0}, {"iteration", 0}, {"elapsed", 0.0}}.dump();
  header.observation = observation_record(lidar);
  return std::make_unique<PythonAgent>(
      Agent(std::make_shared<Network>(config.network, observation_layout(lidar)), lidar), std::move(header));
}

Config PythonAgent::config(const std::vector<std::string>& overrides) const {
  return config_from_toml(header_.config_toml, "the agent's config", overrides);
}

int PythonAgent::memory_size() const { return agent_.network().memory_state_size(); }

py::dict PythonAgent::act(const py::object& observations, const py::object& memory, const py::object& starts,
                          bool sample) {
  const py::array_t<float> rows = floats_from(observations, {-1, agent_.observation_size()}, "observations");
  const py::ssize_t learners = rows.shape(0);
  if (learners == 0) throw UserError("observations hold no row; give one for each learner");
  const std::span<float> state = writable_floats(memory, {learners, memory_size()}, "memory");
  std::optional<py::array_t<float>> begins;
  if (!starts.is_none()) begins = floats_from(starts, {learners}, "starts");

  const Network& network = agent_.network();
  at::Tensor uniforms = at::empty({learners, kActionSize}), remembered = tensor_over(state, {learners, memory_size()});
  for (float& value : std::span(uniforms.data_ptr<float>(), static_cast<std::size_t>(uniforms.numel())))
    value = random_.uniform();
  NetworkOutput output;
  at::Tensor stored;
  {
    const py::gil_scoped_release release;
    const at::NoGradGuard no_gradient;
    if (begins)
      network.memory().clear(remembered, at::from_blob(const_cast<float*>(begins->data()), {learners}, at::kFloat));
    const at::Tensor seen =
        at::from_blob(const_cast<float*>(rows.data()), {learners, agent_.observation_size()}, at::kFloat);
    const std::vector<std::int64_t> columns = sensed_columns(agent_);
    output = network.step(columns.empty() ? seen : at::index_select(seen, 1, at::tensor(columns)), remembered, true);
    stored = sample ? network.actions().sample(output.action_parameters, uniforms).stored
                    : network.actions().mode(output.action_parameters);
  }
  py::dict result;
  result["actions"] = actions_array(stored, network.actions().kind());
  result["action_parameters"] = array_of(output.action_parameters);
  result["value"] = array_of(output.value);
  result["expert_place"] = array_of(output.guesses[head_index("expert_place")]);
  result["features"] = array_of(output.features);
  return result;
}

py::dict PythonAgent::parameters() const {
  py::dict arrays;
  for (const Parameter& parameter : agent_.network().parameters())
    arrays[py::str(parameter.name)] = array_of(parameter.value);
  return arrays;
}

std::unique_ptr<PythonAgent> PythonAgent::with_parameters(const py::dict& arrays) const {
  const Network& like = agent_.network();
  auto network = std::make_shared<Network>(like.options(), agent_.sensed().layout);
  const at::NoGradGuard no_gradient;
  std::size_t known = 0;
  for (const Parameter& parameter : network->parameters()) {
    if (!arrays.contains(parameter.name))
      throw UserError("the parameter '" + parameter.name + "' is missing; parameters() says what there is");
    const std::vector<std::int64_t> sizes = parameter.value.sizes().vec();
    py::array_t<float> numbers =
        floats_from(arrays[py::str(parameter.name)], Shape(sizes.begin(), sizes.end()), "'" + parameter.name + "'");
    at::Tensor(parameter.value)
        .copy_(tensor_over({const_cast<float*>(numbers.data()), static_cast<std::size_t>(numbers.size())}, sizes));
    ++known;
  }
  if (known != arrays.size())
    throw UserError(std::to_string(arrays.size()) + " parameters were given, but this network has " +
                    std::to_string(known) + "; parameters() says which");
  return std::make_unique<PythonAgent>(agent_.with_network(std::move(network)), header_);
}

py::dict PythonAgent::architecture() const {
  const Network& network = agent_.network();
  const NetworkOptions& options = network.options();
  const ObservationLayout& layout = agent_.sensed().layout;
  py::dict slices;
  for (const ObservationSlice& slice : layout.slices)
    slices[py::str(slice.name)] = py::make_tuple(slice.offset, slice.length);
  py::list heads;
  for (const AuxiliaryHead& head : auxiliary_heads())
    heads.append(py::make_tuple(head.name, head.sees == AuxiliaryHead::Sees::memory ? "memory" : "trunk"));
  py::dict result;
  result["encoder_layers"] = options.encoder_layers;
  result["memory"] = memory_names()[static_cast<std::size_t>(options.memory)];
  result["memory_size"] = options.memory_size;
  result["memory_state_size"] = memory_size();
  result["ray_queries"] = options.ray_queries;
  result["trunk_size"] = options.trunk_size;
  result["action_head"] = kActionHeadNames[static_cast<std::size_t>(options.action_head)];
  result["slices"] = slices;
  result["columns"] = sensed_columns(agent_);
  result["ray_channels"] = layout.ray_channels;
  result["rays"] = layout.rays;
  result["heads"] = heads;
  result["speed"] = kAvatar.speed;
  result["turn_rate"] = kAvatar.turn_rate;
  return result;
}

void PythonAgent::save(const std::filesystem::path& file) const { save_agent(file, header_, agent_.network()); }

void bind_agent(py::module_& module) {
  py::class_<PythonAgent>(module, "Agent")
      .def_static("load", &PythonAgent::load, py::arg("run_or_checkpoint"))
      .def_static("create", &PythonAgent::create, py::arg("config"), py::arg("overrides"), py::arg("seed"))
      .def("seed", &PythonAgent::seed, py::arg("seed"))
      .def("act", &PythonAgent::act, py::arg("observations"), py::arg("memory"), py::arg("starts"), py::arg("sample"))
      .def("parameters", &PythonAgent::parameters)
      .def("with_parameters", &PythonAgent::with_parameters, py::arg("arrays"))
      .def("architecture", &PythonAgent::architecture)
      .def("save", &PythonAgent::save, py::arg("file"))
      .def("config_toml", [](const PythonAgent& agent) { return config_to_toml(agent.config({})); })
      .def("slices", [](const PythonAgent& agent) { return slices_of(agent.agent().lidar()); })
      .def_property_readonly("parameter_count",
                             [](const PythonAgent& agent) { return agent.agent().parameter_count(); })
      .def_property_readonly("observation_size",
                             [](const PythonAgent& agent) { return agent.agent().observation_size(); })
      .def_property_readonly("memory_size", &PythonAgent::memory_size);
}

}  // namespace medal
