#include "experiments/python/binding/config.h"

#include <pybind11/stl.h>

#include "experiments/config/config_file.h"
#include "experiments/config/config_text.h"
#include "experiments/python/binding/binding.h"
#include "sim/base/version.h"
#include "sim/episode/observation.h"

namespace medal {

namespace py = pybind11;

Config open_config(const std::string& config, const std::vector<std::string>& overrides) {
  if (config.find('\n') != std::string::npos) return config_from_toml(config, "the agent's config", overrides);
  const std::filesystem::path file = config;
  return load_config(&file, overrides);
}

py::list slices_of(const LidarOptions& lidar) {
  py::list slices;
  for (const ObservationSlice& slice : observation_layout(lidar).slices)
    slices.append(py::make_tuple(slice.name, slice.offset, slice.length, slice.unit, slice.low, slice.high));
  return slices;
}

void bind_config(py::module_& module) {
  module.def("version", program_version, "Of this program.");
  module.def("preset_names", preset_names, "Names of the presets that are built in.");
  module.def("options_help", options_help, "Every option with default, unit, range and meaning.");
  module.def(
      "config_toml",
      [](const std::string& config, const std::vector<std::string>& overrides) {
        return config_to_toml(open_config(config, overrides));
      },
      py::arg("config"), py::arg("overrides"), "Every option, resolved, as TOML.");
  py::list components;
  for (const ActionComponent& component : kActionComponents)
    components.append(py::make_tuple(component.name, std::vector<float>(component.bins.begin(), component.bins.end()),
                                     component.posture));
  module.attr("ACTION_COMPONENTS") = py::tuple(components);
}

}  // namespace medal
