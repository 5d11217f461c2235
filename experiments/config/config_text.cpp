#include "experiments/config/config_text.h"

#include "agents/config/config_value.h"
#include "experiments/config/config_file.h"
#include "experiments/config/config_knobs.h"
#include "experiments/config/config_layers.h"
#include "sim/base/version.h"

namespace medal {
namespace {

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

std::string config_to_toml(const Config& config) {
  Config copy = config;
  std::string text = "# All options of one run, resolved.\n" + std::string(kVersionComment) + kProgramVersionKey +
                     " = \"" + program_version() + "\"\n";
  describe_sections(copy, [&](const char* name, auto& options) { text += section_text(name, options); });
  return text;
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
