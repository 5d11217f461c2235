#include "experiments/ablation/study.h"

#include <algorithm>
#include <optional>
#include <sstream>

#include "agents/config/config_value.h"
#include "experiments/config/config_file.h"
#include "experiments/config/config_layers.h"
#include "experiments/config/config_text.h"
#include "sim/base/error.h"
#include "sim/base/nearest_name.h"

namespace medal {

namespace {

namespace fs = std::filesystem;

bool contains(const std::vector<std::string>& names, const std::string& name) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

/// Names become parts of file names; only a study's own may hold a dash, so that they can be told apart.
void check_name(const std::string& name, const std::string& where, bool dash_allowed) {
  const auto fits = [&](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
           (dash_allowed && c == '-');
  };
  if (name.empty() || !std::all_of(name.begin(), name.end(), fits))
    throw UserError(where + ": the name '" + name + "' may only have letters, digits and _" +
                    (dash_allowed ? " and -; rename the file" : ""));
}

/// The study file itself, a [[group]] or an [[arm]]: where messages point to, and what it holds.
class StudyTable {
 public:
  StudyTable(const ConfigLayer& layer, const toml::table& table, std::string kind)
      : layer_(layer), table_(table), kind_(std::move(kind)) {}

  std::string where() const { return layer_.where(table_.source()); }
  bool has(const char* key) const { return table_.contains(key); }

  /// Throws UserError on any other key.
  void allow(const std::vector<std::string>& keys) const {
    for (const auto& [key, node] : table_)
      if (const std::string name(key.str()); !contains(keys, name))
        throw UserError(layer_.where(key.source()) + ": " + kind_ + " has no key '" + name + "'; the nearest is '" +
                        nearest_name(name, keys) + "'");
  }

  std::string text(const char* key, const std::string& otherwise) const {
    std::string value = otherwise;
    if (const toml::node* node = table_.get(key)) read_value(entry(key, *node), Field{key, "", 0, 0, ""}, value);
    return value;
  }

  /// Letters, digits and _.
  std::string name() const {
    if (!has("name")) throw UserError(where() + ": " + kind_ + " has no name; add name = \"...\"");
    const std::string value = text("name", "");
    check_name(value, where(), false);
    return value;
  }

  std::vector<int> seeds() const {
    const toml::node* node = table_.get("seeds");
    if (!node) throw UserError(layer_.name + ": there are no seeds; add seeds = [1, 2, 3] above the first table");
    std::vector<int> seeds;
    for (const toml::node& item : list("seeds", *node, "[1, 2, 3]")) {
      int seed = 0;
      read_value(entry("seeds", item), Field{"seeds", "", 0, 2147483647, ""}, seed);
      if (std::find(seeds.begin(), seeds.end(), seed) != seeds.end())
        reject(entry("seeds", item), "has " + std::to_string(seed) + " twice; remove one");
      seeds.push_back(seed);
    }
    return seeds;
  }

  /// The list under `set`, each checked to be an assignment that is the study's to make.
  std::vector<std::string> overrides() const {
    std::vector<std::string> overrides;
    const toml::node* node = table_.get("set");
    if (!node || (node->is_array() && node->as_array()->empty())) return overrides;
    for (const toml::node& item : list("set", *node, "[\"section.key=value\"]")) {
      std::string text;
      read_value(entry("set", item), Field{"set", "", 0, 0, ""}, text);
      check_override(text, layer_.where(item.source()));
      overrides.push_back(text);
    }
    return overrides;
  }

  /// Each [[key]], in the file's order.
  std::vector<StudyTable> tables(const char* key) const {
    std::vector<StudyTable> tables;
    const toml::node* node = table_.get(key);
    if (!node) return tables;
    const std::string name(key);
    for (const toml::node& item : list(key, *node, "tables, each below a line [[" + name + "]]")) {
      if (!item.is_table()) reject(entry(key, item), "must be given below a line [[" + name + "]]");
      tables.emplace_back(layer_, *item.as_table(), name);
    }
    return tables;
  }

 private:
  ConfigEntry entry(const char* key, const toml::node& node) const { return {key, layer_.where(node.source()), &node}; }

  const toml::array& list(const char* key, const toml::node& node, const std::string& wanted) const {
    const toml::array* array = node.as_array();
    if (!array || array->empty()) reject(entry(key, node), "must be a list such as " + wanted);
    return *array;
  }

  static void check_override(const std::string& text, const std::string& where) try {
    const ConfigLayer layer = override_layer(text);
    if (layer.table["run"]["seed"]) throw UserError("run.seed is the study's to set; use seeds = [...]");
    if (layer.table["run"]["minutes"]) throw UserError("run.minutes is set by medal ablate --minutes; remove it here");
  } catch (const UserError& error) {
    throw UserError(where + ": " + error.what());
  }

  const ConfigLayer& layer_;
  const toml::table& table_;
  std::string kind_;
};

/// "section.key" of "section.key=value", with or without blanks around the sign.
std::string key_of(const std::string& assignment) { return assignment.substr(0, assignment.find_first_of("= ")); }

/// What a group lends its arms.
struct Defaults {
  std::string config;
  std::vector<std::string> overrides;
};

/// What a run is scored on: one text for each key. When the expert is seen is left out, since every held-out task is
/// played under full, half and solo presence.
std::vector<std::string> scored_on(const Config& config) {
  Config copy = config;
  TaskParameters& task = copy.evaluation_task.base;
  const TaskParameters defaults;
  task.presence = defaults.presence;
  task.present_at_start = defaults.present_at_start;
  task.present_seconds = defaults.present_seconds;
  task.absent_seconds = defaults.absent_seconds;
  task.bernoulli_start = defaults.bernoulli_start;
  task.bernoulli_end = defaults.bernoulli_end;
  std::istringstream lines(config_to_toml(copy));
  std::vector<std::string> keys;
  std::string section;
  for (std::string line; std::getline(lines, line);) {
    if (line.starts_with('[')) section = line.substr(1, line.size() - 2);
    if (section.starts_with("evaluation") && line.find(" = ") != std::string::npos && !line.starts_with('#'))
      keys.push_back(section + "." + line);
  }
  return keys;
}

/// Without its seed.
std::string run_name(const Study& study, const std::string& arm) { return study.name + "-" + arm; }

/// Reads the tables in order and remembers what later ones are compared with.
class StudyReader {
 public:
  StudyReader(const ConfigLayer& layer, fs::path folder)
      : file_(layer, layer.table, "a study"), folder_(std::move(folder)) {}

  void read(Study& study) {
    file_.allow({"config", "seeds", "set", "group", "arm", "evaluation"});
    study.seeds = file_.seeds();
    const Defaults common{file_.text("config", kDefaultPreset), file_.overrides()};
    for (const StudyTable& table : file_.tables("group")) read_group(table, common, study);
    if (study.groups.empty()) {
      study.groups.emplace_back();
      defaults_.push_back(common);
    }
    scored_on_.resize(study.groups.size());
    for (const StudyTable& table : file_.tables("arm")) read_arm(table, study);
    if (study.arms.empty())
      throw UserError(study.name + ": there is no arm; add [[arm]], name = \"full\" and set = [\"section.key=value\"]");
    for (std::size_t group = 0; group < study.groups.size(); ++group)
      if (scored_on_[group].empty())
        throw UserError("no arm is in the group '" + study.groups[group].name + "' of study " + study.name +
                        "; remove the group, or add group = \"" + study.groups[group].name + "\" to its arms");
    for (const StudyTable& table : file_.tables("evaluation")) read_evaluation(table, study);
  }

 private:
  void read_group(const StudyTable& table, const Defaults& common, Study& study) {
    table.allow({"name", "title", "config", "set"});
    StudyGroup group{table.name(), ""};
    group.title = table.text("title", group.name);
    if (contains(group_names_, group.name))
      throw UserError(table.where() + ": there is a group '" + group.name + "' already");
    group_names_.push_back(group.name);
    study.groups.push_back(group);
    defaults_.push_back({table.text("config", common.config), common.overrides});
    append(defaults_.back().overrides, table.overrides());
  }

  void read_arm(const StudyTable& table, Study& study) {
    table.allow({"name", "title", "group", "set", "teacher"});
    StudyArm arm;
    arm.name = table.name();
    arm.title = table.text("title", arm.name);
    for (const StudyArm& other : study.arms)
      if (other.name == arm.name) throw UserError(table.where() + ": there is an arm '" + arm.name + "' already");
    arm.group = group_of(table);
    arm.config = defaults_[arm.group].config;
    arm.config_file = contains(preset_names(), arm.config) ? fs::path(arm.config) : folder_ / arm.config;
    arm.overrides = defaults_[arm.group].overrides;
    const std::string where = table.where() + ": arm '" + arm.name + "'";
    arm.judged = pinned_evaluation(table.overrides(), checked_config(arm, where));
    append(arm.overrides, table.overrides());
    if (table.has("teacher")) take_teacher(table, study, arm);
    const Config config = checked_config(arm, where);
    arm.steps = config.run.steps;
    check_comparable(study, arm, scored_on(config), where);
    study.arms.push_back(std::move(arm));
  }

  /// It must have trained before, whatever the order of the seeds.
  static void take_teacher(const StudyTable& table, const Study& study, StudyArm& arm) {
    arm.teacher = table.text("teacher", "");
    const auto is_teacher = [&](const StudyArm& other) { return other.name == arm.teacher; };
    if (std::none_of(study.arms.begin(), study.arms.end(), is_teacher))
      throw UserError(table.where() + ": no arm above is called '" + arm.teacher + "'; a teacher is an earlier arm");
    arm.teacher_run = run_name(study, arm.teacher);
    arm.overrides.push_back("task.expert=agent");
  }

  /// Checked with each arm, for what one arm's agent can be judged on another's may not.
  static void read_evaluation(const StudyTable& table, Study& study) {
    table.allow({"name", "title", "set"});
    StudyEvaluation evaluation;
    evaluation.name = table.name();
    evaluation.title = table.text("title", evaluation.name);
    evaluation.overrides = table.overrides();
    const std::string where = table.where() + ": evaluation '" + evaluation.name + "'";
    if (evaluation.name == kLogsFolder) throw UserError(where + ": that folder holds the logs; choose another name");
    for (const StudyEvaluation& other : study.evaluations)
      if (other.name == evaluation.name) throw UserError(where + " is there already");
    for (const std::string& text : evaluation.overrides)
      if (!text.starts_with("evaluation."))
        throw UserError(where + " sets '" + text + "'; it takes keys of evaluation and evaluation.task only");
    for (StudyArm arm : study.arms) {
      append(arm.overrides, evaluation.overrides);
      checked_config(arm, where);
    }
    study.evaluations.push_back(std::move(evaluation));
  }

  std::size_t group_of(const StudyTable& table) const {
    if (group_names_.empty() && !table.has("group")) return 0;
    const std::string name = table.text("group", "");
    const auto found = std::find(group_names_.begin(), group_names_.end(), name);
    if (found != group_names_.end()) return static_cast<std::size_t>(found - group_names_.begin());
    if (group_names_.empty())
      throw UserError(table.where() + ": there is no group '" + name + "'; add [[group]] with name = \"" + name + "\"");
    const std::string nearest = nearest_name(name, group_names_);
    throw UserError(table.where() + ": " +
                    (name.empty() ? "the arm is in no group; add group = \"" + nearest + "\""
                                  : "there is no group '" + name + "'; the nearest is '" + nearest + "'"));
  }

  /// An arm that trains in another world is judged in its group's all the same: the knobs of its own [task] overrides,
  /// as the group's held-out tasks have them.
  static std::vector<std::string> pinned_evaluation(const std::vector<std::string>& own, const Config& group) {
    constexpr std::string_view kTask = "task.";
    std::vector<std::string> pinned;
    const std::vector<std::string> keys = scored_on(group);
    for (const std::string& text : own) {
      if (!text.starts_with(kTask)) continue;
      const std::string judged = "evaluation." + key_of(text);
      const auto is_judged = [&](const std::string& other) { return key_of(other) == judged; };
      const auto found = std::find_if(keys.begin(), keys.end(), is_judged);
      if (found != keys.end() && std::none_of(own.begin(), own.end(), is_judged)) pinned.push_back(*found);
    }
    return pinned;
  }

  static Config checked_config(const StudyArm& arm, const std::string& where) try {
    return load_config(&arm.config_file, run_overrides(arm, 0));
  } catch (const UserError& error) {
    throw UserError(where + ": " + error.what());
  }

  /// With the first arm of its group.
  void check_comparable(const Study& study, const StudyArm& arm, const std::vector<std::string>& scored_on,
                        const std::string& where) {
    const auto first = std::find_if(study.arms.begin(), study.arms.end(),
                                    [&](const StudyArm& other) { return other.group == arm.group; });
    if (first == study.arms.end()) {
      scored_on_[arm.group] = scored_on;
      return;
    }
    if (first->steps != arm.steps)
      throw UserError(where + " has run.steps = " + std::to_string(arm.steps) + " and arm '" + first->name + "' has " +
                      std::to_string(first->steps) + "; give all arms of a group the same number of steps");
    const auto [mine, theirs] =
        std::mismatch(scored_on.begin(), scored_on.end(), scored_on_[arm.group].begin(), scored_on_[arm.group].end());
    if (mine != scored_on.end())
      throw UserError(where + " is scored with " + *mine + " and arm '" + first->name + "' with " + *theirs +
                      "; give that key once in the set of the group or study");
  }

  static void append(std::vector<std::string>& all, const std::vector<std::string>& more) {
    all.insert(all.end(), more.begin(), more.end());
  }

  StudyTable file_;
  fs::path folder_;
  std::vector<std::string> group_names_;
  std::vector<Defaults> defaults_;                   ///< by group
  std::vector<std::vector<std::string>> scored_on_;  ///< by group
};

}  // namespace

Study load_study(const fs::path& file) {
  const ConfigLayer layer = file_layer(file);
  Study study;
  study.name = file.stem().string();
  check_name(study.name, file.string(), true);
  StudyReader(layer, file.parent_path()).read(study);
  return study;
}

std::vector<std::string> run_overrides(const StudyArm& arm, int seed) {
  std::vector<std::string> overrides = arm.overrides;
  overrides.insert(overrides.end(), arm.judged.begin(), arm.judged.end());
  if (!arm.teacher.empty())
    overrides.push_back("environment.expert_agent=" + arm.teacher_run + "-" + std::to_string(seed));
  overrides.push_back("run.seed=" + std::to_string(seed));
  return overrides;
}

std::string run_name(const Study& study, const StudyArm& arm, int seed) {
  return run_name(study, arm.name) + "-" + std::to_string(seed);
}

}  // namespace medal
