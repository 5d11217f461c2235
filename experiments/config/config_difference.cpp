#include "experiments/config/config_difference.h"

#include <map>
#include <optional>

#include "agents/config/config_value.h"
#include "experiments/config/config_file.h"
#include "experiments/config/config_knobs.h"
#include "experiments/processes/command_text.h"

namespace medal {
namespace {

/// "section.key" and the value as TOML, in the order of the names.
using Values = std::map<std::string, std::string>;

template <class Options>
void add_section(Values& values, const std::string& section, Options& options) {
  describe(options, [&](const Field& field, auto& member) {
    values[section + "." + std::string(field.name)] = value_text(field, member);
  });
}

void add_section(Values& values, const std::string& section, TaskDistribution& task) {
  describe(task.base, [&](const Field& field, auto& member) {
    const std::string name(field.name);
    const KnobDistribution* distribution = find_distribution(task, name);
    values[section + "." + name] = distribution ? knob_text(*distribution) : value_text(field, member);
  });
}

/// The held-out tasks, which follow from the rest unless a config says otherwise, or all else.
Values values_of(Config config, bool held_out) {
  Values values;
  describe_sections(config, [&](const std::string& section, auto& options) {
    if ((section == "evaluation.task") == held_out) add_section(values, section, options);
  });
  return values;
}

/// What has to be set over `base` so that it becomes `wanted`.
std::vector<std::string> difference(const Values& base, const Values& wanted) {
  std::vector<std::string> overrides;
  for (const auto& [key, value] : wanted)
    if (base.at(key) != value) overrides.push_back(key + "=" + value);
  return overrides;
}

}  // namespace

PresetWithOverrides nearest_preset(const Config& config) {
  std::optional<PresetWithOverrides> nearest;
  for (const std::string& name : preset_names()) {
    const std::filesystem::path preset(name);
    PresetWithOverrides source{name, difference(values_of(load_config(&preset, {}), false), values_of(config, false))};
    const Config so_far = load_config(&preset, source.overrides);
    for (const std::string& assignment : difference(values_of(so_far, true), values_of(config, true)))
      source.overrides.push_back(assignment);
    if (!nearest || source.overrides.size() < nearest->overrides.size()) nearest = std::move(source);
  }
  return *nearest;
}

std::string command_line_text(const PresetWithOverrides& source) {
  std::string text = "--config " + source.preset;
  for (const std::string& assignment : source.overrides) text += " --set " + shell_word(assignment);
  return text;
}

}  // namespace medal
