#include "experiments/config/config_knobs.h"

#include <algorithm>
#include <cmath>
#include <optional>
#include <vector>

#include "sim/base/error.h"
#include "sim/base/nearest_name.h"

namespace medal {

namespace {

using Kind = KnobDistribution::Kind;

const std::vector<std::string> kRangeKeys = {"low", "high"};
const std::vector<std::string> kScheduleKeys = {"from", "to", "begin", "end"};
const std::vector<std::string> kAdrKeys = {"adr_low", "adr_high", "low", "high", "step"};

constexpr const char* kMixForm = "{CHOICE = WEIGHT, ...}, with begin = STEPS if it shall begin later";
constexpr const char* kForms =
    "a value, {low, high}, {from, to, begin, end} (from and to may be {low, high}) or {adr_low, adr_high, low, high, "
    "step}";

Kind kind_of(const toml::table& table) {
  if (table.contains("adr_low") || table.contains("adr_high")) return Kind::adr;
  if (table.contains("from") || table.contains("to")) return Kind::schedule;
  return Kind::range;
}

const std::vector<std::string>& keys_of(Kind kind) {
  if (kind == Kind::adr) return kAdrKeys;
  return kind == Kind::schedule ? kScheduleKeys : kRangeKeys;
}

void check_keys(const ConfigEntry& entry, const toml::table& table, Kind kind) {
  for (const auto& [key, value] : table) {
    const auto& keys = keys_of(kind);
    const std::string name(key.str());
    if (std::find(keys.begin(), keys.end(), name) != keys.end()) continue;
    std::vector<std::string> all = kScheduleKeys;
    all.insert(all.end(), kAdrKeys.begin(), kAdrKeys.end());
    const bool misplaced = std::find(all.begin(), all.end(), name) != all.end();
    reject(entry, (misplaced ? "cannot mix '" + name + "' with those keys"
                             : "has no key '" + name + "', the nearest is '" + nearest_name(name, all) + "'") +
                      "; it takes " + kForms);
  }
}

constexpr Field kSteps{"", "learner steps", 0, 1e15, "", {}};

/// One number of an inline table, checked against `field`.
double part(const ConfigEntry& entry, const toml::table& table, const char* name, const Field& field) {
  const toml::node* node = table.get(name);
  if (node == nullptr) reject(entry, "lacks '" + std::string(name) + "'; it takes " + kForms);
  double value = 0;
  read_value({entry.key + "." + name, entry.where, node}, field, value);
  return value;
}

KnobDistribution read_range(const ConfigEntry& entry, const toml::table& table, const Field& field) {
  KnobDistribution knob;
  knob.low = part(entry, table, "low", field);
  knob.high = part(entry, table, "high", field);
  return knob;
}

/// What a schedule moves from or to: a value, or {low, high}.
double read_schedule_end(const ConfigEntry& entry, const toml::table& table, const char* name, const Field& field,
                         std::optional<double>& high) {
  const toml::table* range = table[name].as_table();
  if (range == nullptr) return part(entry, table, name, field);
  const ConfigEntry inner{entry.key + "." + name, entry.where, table.get(name)};
  check_keys(inner, *range, Kind::range);
  const KnobDistribution ends = read_range(inner, *range, field);
  high = ends.high;
  return ends.low;
}

KnobDistribution read_schedule(const ConfigEntry& entry, const toml::table& table, const Field& field) {
  KnobDistribution knob;
  knob.kind = Kind::schedule;
  knob.low = read_schedule_end(entry, table, "from", field, knob.from_high);
  knob.high = read_schedule_end(entry, table, "to", field, knob.to_high);
  knob.begin = part(entry, table, "begin", kSteps);
  knob.end = part(entry, table, "end", kSteps);
  return knob;
}

KnobDistribution read_adr(const ConfigEntry& entry, const toml::table& table, const Field& field) {
  KnobDistribution knob = read_range(entry, table, field);
  knob.kind = Kind::adr;
  knob.initial_low = part(entry, table, "adr_low", field);
  knob.initial_high = part(entry, table, "adr_high", field);
  const Field widths{"", field.unit, 0, field.high - field.low, "", {}};
  knob.step = table.contains("step") ? part(entry, table, "step", widths) : (knob.high - knob.low) / 10;
  return knob;
}

KnobDistribution read_distribution(const ConfigEntry& entry, const toml::table& table, const Field& field) {
  const Kind kind = kind_of(table);
  check_keys(entry, table, kind);
  KnobDistribution knob = kind == Kind::adr        ? read_adr(entry, table, field)
                          : kind == Kind::schedule ? read_schedule(entry, table, field)
                                                   : read_range(entry, table, field);
  knob.knob = field.name;
  if (const std::string fault = fault_of(knob); !fault.empty()) reject(entry, fault);
  return knob;
}

/// A choice by weights: {perfect = 8, anti_expert = 2}.
KnobDistribution read_mix(const ConfigEntry& entry, const toml::table& table, const Field& field) {
  KnobDistribution knob;
  knob.kind = Kind::mix;
  knob.knob = field.name;
  knob.weights.assign(field.choices.size(), 0.0);
  for (const auto& [key, value] : table) {
    if (key.str() == "begin") {
      knob.begin = part(entry, table, "begin", kSteps);
      continue;
    }
    const int choice = choice_index(field.choices, key.str());
    if (choice < 0) {
      const std::vector<std::string> names(field.choices.begin(), field.choices.end());
      reject(entry, "has no choice '" + std::string(key.str()) + "', the nearest is '" +
                        nearest_name(std::string(key.str()), names) + "'; it takes a choice or " + kMixForm);
    }
    const Field weight{"", "", 0, 1e6, "", {}};
    read_value({entry.key + "." + std::string(key.str()), entry.where, &value}, weight,
               knob.weights[static_cast<std::size_t>(choice)]);
  }
  if (const std::string fault = fault_of(knob); !fault.empty()) reject(entry, fault);
  return knob;
}

/// Where describe() lists a knob.
int position_of(const std::string& name) {
  int position = 0, found = -1;
  TaskParameters any;
  describe(any, [&](const Field& field, auto&) {
    if (field.name == name) found = position;
    ++position;
  });
  return found;
}

void remove_distribution(TaskDistribution& task, const std::string& name) {
  std::erase_if(task.knobs, [&](const KnobDistribution& knob) { return knob.knob == name; });
}

/// Keeps the distributions in the order of describe(), and the base value under one of them at its first number (main
/// choice), so that equal texts give equal distributions whatever came before.
void put_distribution(TaskDistribution& task, const KnobDistribution& knob) {
  remove_distribution(task, knob.knob);
  const auto after = [&](const KnobDistribution& other) { return position_of(other.knob) > position_of(knob.knob); };
  task.knobs.insert(std::find_if(task.knobs.begin(), task.knobs.end(), after), knob);
  if (knob.kind == Kind::mix) return set_choice(task.base, knob.knob, main_choice(knob));
  set_knob(task.base, knob.knob, knob.kind == Kind::adr ? knob.initial_low : knob.low);
}

std::string mix_text(const KnobDistribution& mix) {
  std::string text;
  TaskParameters any;
  describe(any, [&](const Field& field, auto&) {
    if (field.name != mix.knob) return;
    for (std::size_t i = 0; i < mix.weights.size(); ++i)
      if (mix.weights[i] > 0)
        text +=
            (text.empty() ? "" : ", ") + std::string(field.choices[i]) + " = " + value_text(Field{}, mix.weights[i]);
  });
  if (mix.begin > 0) text += ", begin = " + value_text(Field{}, mix.begin);
  return "{" + text + "}";
}

KnobDistribution range_of(const std::string& name, double low, double high) {
  KnobDistribution range;
  range.knob = name;
  range.low = low;
  range.high = high;
  return range;
}

KnobDistribution harder_half(const KnobDistribution& adr) {
  const double middle = (adr.low + adr.high) / 2;
  const bool grows_downward = adr.initial_high == adr.high;
  return grows_downward ? range_of(adr.knob, adr.low, middle) : range_of(adr.knob, middle, adr.high);
}

}  // namespace

const KnobDistribution* find_distribution(const TaskDistribution& task, const std::string& name) {
  for (const KnobDistribution& knob : task.knobs)
    if (knob.knob == name) return &knob;
  return nullptr;
}

bool may_be_agent(const TaskDistribution& task) {
  const KnobDistribution* mix = find_distribution(task, "expert");
  if (mix == nullptr) return task.base.expert == ExpertKind::agent;
  return mix->weights[static_cast<std::size_t>(ExpertKind::agent)] > 0;
}

void read_knob(const ConfigEntry& entry, const std::string& name, TaskDistribution& task) {
  describe(task.base, [&](const Field& field, auto& member) {
    if (field.name != name) return;
    const auto table = entry.value->as_table();
    if (!table) {
      read_value(entry, field, member);
      remove_distribution(task, name);
      return;
    }
    put_distribution(task,
                     field.choices.empty() ? read_distribution(entry, *table, field) : read_mix(entry, *table, field));
  });
}

void read_evaluation_knob(const ConfigEntry& entry, const std::string& name, TaskDistribution& task) {
  const auto table = entry.value->as_table();
  if (table && kind_of(*table) != Kind::range)
    reject(entry, "must be a value or {low, high}: evaluation tasks do not change during training");
  read_knob(entry, name, task);
}

std::string knob_text(const KnobDistribution& knob) {
  const Field none{"", "", 0, 0, "", {}};
  const auto text = [&](double value) { return value_text(none, value); };
  const auto range_text = [&](double low, double high) {
    return "{low = " + text(low) + ", high = " + text(high) + "}";
  };
  const auto end_text = [&](double low, const std::optional<double>& high) {
    return high ? range_text(low, *high) : text(low);
  };
  switch (knob.kind) {
    case Kind::range:
      return range_text(knob.low, knob.high);
    case Kind::schedule:
      return "{from = " + end_text(knob.low, knob.from_high) + ", to = " + end_text(knob.high, knob.to_high) +
             ", begin = " + text(knob.begin) + ", end = " + text(knob.end) + "}";
    case Kind::adr:
      return "{adr_low = " + text(knob.initial_low) + ", adr_high = " + text(knob.initial_high) +
             ", low = " + text(knob.low) + ", high = " + text(knob.high) + ", step = " + text(knob.step) + "}";
    case Kind::mix:
      return mix_text(knob);
  }
  return {};
}

TaskDistribution evaluation_from_training(const TaskDistribution& training) {
  TaskDistribution evaluation = training;
  for (const KnobDistribution& knob : training.knobs) {
    if (knob.kind == Kind::adr) put_distribution(evaluation, harder_half(knob));
    if (knob.kind == Kind::schedule && knob.to_high)
      put_distribution(evaluation, range_of(knob.knob, knob.high, *knob.to_high));
    if (knob.kind == Kind::schedule && !knob.to_high) {
      remove_distribution(evaluation, knob.knob);
      set_knob(evaluation.base, knob.knob, knob.high);
    }
  }
  remove_distribution(evaluation, "expert");
  evaluation.base.expert = ExpertKind::perfect;  // whose score is the measure
  remove_distribution(evaluation, "penalty");
  evaluation.base.penalty = 1.0F;
  return evaluation;
}

}  // namespace medal
