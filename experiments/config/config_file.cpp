#include "experiments/config/config_file.h"

#include <algorithm>
#include <functional>
#include <map>
#include <type_traits>

#include "agents/config/config_value.h"
#include "experiments/config/config_check.h"
#include "experiments/config/config_knobs.h"
#include "experiments/config/config_layers.h"
#include "experiments/config/embedded_texts.h"
#include "sim/base/nearest_name.h"
#include "sim/base/version.h"

namespace medal {

namespace {

/// Keys by section, in the order of the written file.
using KeysBySection = std::vector<std::pair<std::string, std::vector<std::string>>>;

template <class Options>
std::vector<std::string> names_in(Options& options) {
  std::vector<std::string> names;
  describe(options, [&](const Field& field, auto&) { names.emplace_back(field.name); });
  return names;
}

std::vector<std::string> names_in(TaskDistribution& task) { return names_in(task.base); }

KeysBySection all_keys() {
  Config config;
  KeysBySection sections;
  describe_sections(config, [&](const char* name, auto& options) { sections.emplace_back(name, names_in(options)); });
  return sections;
}

bool contains(const std::vector<std::string>& names, const std::string& name) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

bool is_section(const std::string& name) {
  const KeysBySection sections = all_keys();
  return std::any_of(sections.begin(), sections.end(), [&](const auto& section) { return section.first == name; });
}

// What a program wrote holds no slip of the pen: `writer` is the version that knew the key, empty where a person wrote.

[[noreturn]] void reject_section(const std::string& where, const std::string& section, const std::string& writer) {
  if (!writer.empty()) throw UserError(where + ": section [" + section + "] is not known here" + writer_text(writer));
  std::vector<std::string> names;
  for (const auto& [name, keys] : all_keys()) names.push_back(name);
  throw UserError(where + ": there is no section [" + section + "]; the nearest is [" + nearest_name(section, names) +
                  "]");
}

/// A key that its section lacks; the mend is the section that has it, or the nearest name here.
[[noreturn]] void reject_key(const std::string& where, const std::string& section, const std::string& key,
                             const std::string& writer) {
  if (!writer.empty()) throw UserError(where + ": " + section + "." + key + " is not known here" + writer_text(writer));
  std::vector<std::string> here;
  std::string elsewhere;
  for (const auto& [name, keys] : all_keys()) {
    if (name == section) here = keys;
    if (contains(keys, key) && elsewhere.empty()) elsewhere = name + "." + key;
  }
  throw UserError(
      where + ": section [" + section + "] has no key '" + key + "'; " +
      (elsewhere.empty() ? "the nearest is '" + nearest_name(key, here) + "'" : "did you mean " + elsewhere + "?"));
}

/// A value outside all sections.
[[noreturn]] void reject_loose_key(const std::string& where, const std::string& key, const std::string& writer) {
  if (!writer.empty()) throw UserError(where + ": '" + key + "' is not known here" + writer_text(writer));
  std::vector<std::string> names, paths;
  for (const auto& [section, keys] : all_keys())
    for (const std::string& name : keys) {
      names.push_back(name);
      paths.push_back(section + "." + name);
    }
  const auto nearest = std::find(names.begin(), names.end(), nearest_name(key, names)) - names.begin();
  throw UserError(where + ": '" + key + "' is in no section; did you mean " + paths[static_cast<std::size_t>(nearest)] +
                  "?");
}

/// Lays texts over a config, remembering where each key came from.
class Reader {
 public:
  explicit Reader(Config& config) : config_(config) {}

  /// All but the evaluation tasks, which follow from the finished training tasks. A layer that a program wrote begins
  /// anew, from what files of its time mean by naming nothing. `level` grows from layer to layer, and is one for all of
  /// --set.
  void apply(const ConfigLayer& layer, std::size_t level);
  /// A knob that a later layer sets in [task] is left as it follows from there: whoever sets it means both.
  void apply_evaluation_tasks(const ConfigLayer& layer, std::size_t level);
  const Origins& origins() const { return origins_; }

 private:
  void apply_section(const ConfigLayer& layer, const std::string& where, const std::string& section,
                     const toml::table& table);
  void apply_knobs(const ConfigLayer& layer, std::size_t level, const std::string& section, const toml::table& table);
  bool set_option(const ConfigEntry& entry);

  Config& config_;
  Origins origins_;
  std::map<std::string, std::size_t> training_levels_;  ///< where each knob of [task] was set last
};

void set_older_values(TaskDistribution& task) { medal::set_older_values(task.base); }

/// What a file that a program wrote means by naming nothing.
Config config_of_older_files() {
  Config config;
  describe_sections(config, [](const char*, auto& options) { set_older_values(options); });
  return config;
}

void Reader::apply(const ConfigLayer& layer, std::size_t level) {
  if (!layer.writer.empty()) config_ = config_of_older_files();
  for (const auto& [key, node] : layer.table) {
    const std::string section(key.str());
    if (!node.is_table()) reject_loose_key(layer.where(key.source()), section, layer.writer);
    if (section == "task")
      apply_knobs(layer, level, section, *node.as_table());
    else
      apply_section(layer, layer.where(key.source()), section, *node.as_table());
  }
}

void Reader::apply_section(const ConfigLayer& layer, const std::string& where, const std::string& section,
                           const toml::table& table) {
  if (table.empty() && !is_section(section)) reject_section(where, section, layer.writer);
  for (const auto& [key, node] : table) {
    if (section == "evaluation" && key.str() == "task" && node.is_table()) continue;  // later
    const std::string where_key = layer.where(key.source()), name(key.str());
    if (set_option({section + "." + name, where_key, &node})) continue;
    if (!is_section(section)) reject_section(where, section, layer.writer);
    reject_key(where_key, section, name, layer.writer);
  }
}

/// What an option was called, as "section.key"; empty where it never had another name.
std::string former_path(const std::string& section, const Field& field) {
  const bool moved = field.former.find('.') != std::string_view::npos;
  return (field.former.empty() || moved ? "" : section + ".") + std::string(field.former);
}

/// Stores the value of an option that is called so, or else was once; false where there is none.
bool Reader::set_option(const ConfigEntry& entry) {
  bool found = false;
  for (const bool once : {false, true})
    describe_sections(config_, [&](const char* section, auto& options) {
      if constexpr (!std::is_same_v<decltype(options), TaskDistribution&>)  // which holds knobs, not options
        describe(options, [&](const Field& field, auto& member) {
          const std::string path = std::string(section) + "." + std::string(field.name);
          if (found || entry.key != (once ? former_path(section, field) : path)) return;
          found = true;
          origins_[path] = entry.where;
          read_value(entry, field, member);
        });
    });
  return found;
}

/// The present name of a knob that is called so, or else was once; empty where there is none.
std::string present_knob(const std::string& name) {
  std::string present;
  TaskParameters any;
  describe(any, [&](const Field& field, auto&) {
    if (field.name == name || (present.empty() && field.former == name)) present = field.name;
  });
  return present;
}

void Reader::apply_knobs(const ConfigLayer& layer, std::size_t level, const std::string& section,
                         const toml::table& table) {
  const bool training = section == "task";
  for (const auto& [key, node] : table) {
    const std::string where = layer.where(key.source()), name(key.str()), knob = present_knob(name);
    if (knob.empty()) reject_key(where, section, name, layer.writer);
    const ConfigEntry entry{section + "." + name, where, &node};
    if (!training && training_levels_.contains(knob) && training_levels_.at(knob) > level) continue;
    origins_[section + "." + knob] = where;
    if (training) {
      training_levels_[knob] = level;
      read_knob(entry, knob, config_.task);
    } else {
      read_evaluation_knob(entry, knob, config_.evaluation_task);
    }
  }
}

void Reader::apply_evaluation_tasks(const ConfigLayer& layer, std::size_t level) {
  if (const toml::table* table = layer.table["evaluation"]["task"].as_table())
    apply_knobs(layer, level, kEvaluationTask, *table);
}

Config config_from_layers(const std::vector<ConfigLayer>& layers) {
  Config config;
  Reader reader(config);
  const auto level = [&](std::size_t i) { return layers[i].has_lines ? i : layers.size(); };
  for (std::size_t i = 0; i < layers.size(); ++i) reader.apply(layers[i], level(i));
  config.evaluation_task = evaluation_from_training(config.task);
  for (std::size_t i = 0; i < layers.size(); ++i) reader.apply_evaluation_tasks(layers[i], level(i));
  check_config(config, reader.origins());
  return config;
}

void add_overrides(std::vector<ConfigLayer>& layers, const std::vector<std::string>& overrides) {
  for (const std::string& assignment : overrides) layers.push_back(override_layer(assignment));
}

}  // namespace

Config default_config() { return config_from_layers({}); }

Config load_config(const std::filesystem::path* file, const std::vector<std::string>& overrides) {
  std::vector<ConfigLayer> layers;
  add_file_layers(layers, file ? file->string() : kDefaultPreset);
  add_overrides(layers, overrides);
  return config_from_layers(layers);
}

Config config_from_toml(const std::string& text, const std::string& source_name,
                        const std::vector<std::string>& overrides) {
  std::vector<ConfigLayer> layers;
  add_text_layers(layers, text, source_name, {});
  add_overrides(layers, overrides);
  return config_from_layers(layers);
}

std::vector<std::string> preset_names() {
  std::vector<std::string> names;
  for (const EmbeddedText& preset : embedded_presets()) names.emplace_back(preset.name);
  return names;
}

}  // namespace medal
