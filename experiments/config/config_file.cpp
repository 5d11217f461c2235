#include "experiments/config/config_file.h"

#include <algorithm>
#include <functional>
#include <map>
#include <type_traits>

#include "agents/config/config_value.h"
#include "experiments/config/config_knobs.h"
#include "experiments/config/config_layers.h"
#include "experiments/config/embedded_texts.h"
#include "sim/base/nearest_name.h"
#include "sim/base/option_error.h"
#include "sim/base/version.h"

namespace medal {

namespace {

constexpr const char* kEvaluationTask = "evaluation.task";

/// Keys by section, in the order of the written file.
using KeysBySection = std::vector<std::pair<std::string, std::vector<std::string>>>;
/// Where each key ("task.goals") was given last.
using Origins = std::map<std::string, std::string>;

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

/// What is wrong between options; the messages name the place where the first of the keys was given.
class Checker {
 public:
  Checker(const Config& config, const Origins& origins) : config_(config), origins_(origins) {}
  void check() const;

 private:
  /// Throws unless `fine`. `key` begins the message.
  void require(bool fine, const std::string& key, const std::string& why) const {
    if (fine) return;
    const auto origin = origins_.find(key);
    reject({key, origin == origins_.end() ? "" : origin->second, nullptr}, why);
  }
  void check_learners() const;
  void check_curriculum() const;
  void check_device() const;
  void check_control_rate(const std::string& section, const TaskDistribution& task) const;
  void check_expert_agent() const;

  const Config& config_;
  const Origins& origins_;
};

void Checker::check_learners() const {
  const int learners = config_.run.learners, per_world = config_.environment.learners_per_world;
  require(learners % per_world == 0,
          origins_.contains("run.learners") ? "run.learners" : "environment.learners_per_world",
          "does not fit: run.learners (" + std::to_string(learners) +
              ") must be a multiple of environment.learners_per_world (" + std::to_string(per_world) + ")");
  require(config_.learner.minibatches <= learners, "learner.minibatches",
          "is " + std::to_string(config_.learner.minibatches) + ", more than there are learners (run.learners is " +
              std::to_string(learners) + ")");
}

/// Builds what the run will build: the rules are the curriculum's.
void Checker::check_curriculum() const {
  const int learners_per_world = config_.environment.learners_per_world;
  try {
    Curriculum(config_.curriculum, config_.adr, config_.task, learners_per_world,
               config_.run.learners / learners_per_world, 0);
  } catch (const OptionError& error) {
    require(false, error.key, error.why);
  }
}

void Checker::check_device() const {
  try {
    parse_device(config_.run.device);
  } catch (const OptionError& error) {
    require(false, error.key, error.why);
  }
}

/// Slower than this the expert is no longer sure of its way: it touches wrong goals now and then. What was recorded at
/// 5 Hz is still read.
void Checker::check_control_rate(const std::string& section, const TaskDistribution& task) const {
  constexpr double kSlowest = 6;
  const KnobDistribution* knob = find_distribution(task, "control_rate");
  const double slowest = knob ? std::min(knob->low, knob->high) : static_cast<double>(task.base.control_rate);
  require(slowest >= kSlowest, section + ".control_rate", "must be 6 Hz or more: the expert errs at lower rates");
}

void Checker::check_expert_agent() const {
  const bool wanted = may_be_agent(config_.task) || may_be_agent(config_.evaluation_task);
  const bool named = !config_.environment.expert_agent.empty();
  require(named || !wanted, may_be_agent(config_.task) ? "task.expert" : "evaluation.task.expert",
          "is agent, but nobody says which; set environment.expert_agent to a run or an exported agent");
  require(wanted || !named, "environment.expert_agent",
          "plays nowhere; set task.expert or evaluation.task.expert to agent");
}

void Checker::check() const {
  check_expert_agent();
  check_control_rate("task", config_.task);
  check_control_rate(kEvaluationTask, config_.evaluation_task);
  check_learners();
  check_curriculum();
  check_device();
}

Config config_from_layers(const std::vector<ConfigLayer>& layers) {
  Config config;
  Reader reader(config);
  const auto level = [&](std::size_t i) { return layers[i].has_lines ? i : layers.size(); };
  for (std::size_t i = 0; i < layers.size(); ++i) reader.apply(layers[i], level(i));
  config.evaluation_task = evaluation_from_training(config.task);
  for (std::size_t i = 0; i < layers.size(); ++i) reader.apply_evaluation_tasks(layers[i], level(i));
  Checker(config, reader.origins()).check();
  return config;
}

void add_overrides(std::vector<ConfigLayer>& layers, const std::vector<std::string>& overrides) {
  for (const std::string& assignment : overrides) layers.push_back(override_layer(assignment));
}

/// "# Number of goal spheres. (3 .. 8)"
template <class Member>
std::string comment_text(const Field& field, const Member& member) {
  return "# " + std::string(field.help) + " (" + range_text(field, member) + ")\n";
}

constexpr const char* kVersionComment =
    "# The program that wrote this file with all the options that it knew; one that is not here is newer, and\n"
    "# means what that program did. Remove the line from a file of your own: what that leaves out has today's\n"
    "# default.\n";
constexpr const char* kTaskComment =
    "# The knobs of the training tasks. Each number is a value, or varies:\n"
    "#   {low, high}                              drawn uniformly for each episode\n"
    "#   {from, to, begin, end}                   moves linearly between two counts of learner steps\n"
    "#   {adr_low, adr_high, low, high, step}     drawn from a range that ADR moves within low .. high\n"
    "# A choice may be mixed by weights, from some step on: {perfect = 8, anti_expert = 2, begin = 5e6}.\n";
constexpr const char* kEvaluationComment =
    "# The held-out tasks. What a file does not give here, and what is set in [task] over the file, follows from "
    "[task]\n"
    "# at full difficulty: penalty 1; a schedule's last value; for an ADR knob the half of its limits away from its\n"
    "# first range; all else as in training. Presence does not matter: every task is played under full, half and "
    "solo.\n";

template <class Options>
std::string section_text(const std::string& name, Options& options) {
  std::string text = "\n[" + name + "]\n";
  describe(options, [&](const Field& field, auto& member) {
    text += comment_text(field, member) + std::string(field.name) + " = " + value_text(field, member) + "\n";
  });
  return text;
}

std::string section_text(const std::string& name, TaskDistribution& task) {
  std::string text =
      "\n" + std::string(name == kEvaluationTask ? kEvaluationComment : kTaskComment) + "[" + name + "]\n";
  describe(task.base, [&](const Field& field, auto& member) {
    const std::string knob(field.name);
    const KnobDistribution* distribution = find_distribution(task, knob);
    text += comment_text(field, member) + knob + " = " +
            (distribution ? knob_text(*distribution) : value_text(field, member)) + "\n";
  });
  return text;
}

template <class Options>
std::string section_help(const std::string& name, Options& options) {
  std::string text = "[" + name + "]\n";
  describe(options, [&](const Field& field, auto& member) {
    text += "  " + name + "." + std::string(field.name) + " = " + value_text(field, member) + "    (" +
            range_text(field, member) + ")\n      " + std::string(field.help) + "\n";
  });
  return text;
}

std::string section_help(const std::string& name, TaskDistribution& task) {
  if (name != kEvaluationTask) return section_help(name, task.base);
  return "[" + name +
         "]\n  The keys of [task], for the held-out tasks; by default they follow from [task] at full "
         "difficulty.\n";
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

std::string config_to_toml(const Config& config) {
  Config copy = config;
  std::string text = "# All options of one run, resolved.\n" + std::string(kVersionComment) + kProgramVersionKey +
                     " = \"" + program_version() + "\"\n";
  describe_sections(copy, [&](const char* name, auto& options) { text += section_text(name, options); });
  return text;
}

std::vector<std::string> preset_names() {
  std::vector<std::string> names;
  for (const EmbeddedText& preset : embedded_presets()) names.emplace_back(preset.name);
  return names;
}

std::string options_help() {
  Config config = default_config();
  std::string text;
  describe_sections(config, [&](const char* name, auto& options) {
    text += (text.empty() ? "" : "\n") + section_help(name, options);
  });
  return text;
}

}  // namespace medal
