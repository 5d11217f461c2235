#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "sim/base/random.h"
#include "sim/task/task_parameters.h"

namespace medal {

/// How one knob of TaskParameters is drawn.
struct KnobDistribution {
  enum class Kind {
    range,     ///< uniform in [low, high] (integers: both ends included)
    schedule,  ///< linear in training steps: `low` until `begin`, `high` from `end` on; a range that moves where it is
               ///< wide
    adr,       ///< left to the ADR policy, which keeps within [low, high]
    mix        ///< one of its choices, by weight; the only kind for knobs that are choices. Until `begin` the main one
  };
  std::string knob;  ///< a name from describe(TaskParameters)
  Kind kind = Kind::range;
  double low = 0, high = 0;
  double begin = 0, end = 0;                 ///< schedule, mix: learner steps
  double initial_low = 0, initial_high = 0;  ///< adr: the range that boundary sampling begins with
  double step = 0;                           ///< adr: how far it moves one end of it
  std::optional<double> from_high = {},
                        to_high = {};  ///< schedule: it is drawn from [low, from_high] at first; else a value
  std::vector<double> weights = {};    ///< mix: of each choice; they need not add up to 1
  bool operator==(const KnobDistribution&) const = default;
};

/// The choice of the greatest weight, the first of several.
int main_choice(const KnobDistribution& mix);

/// What is wrong with its numbers, as "has low above high: swap them"; empty where nothing is.
std::string fault_of(const KnobDistribution& knob);

/// A distribution over tasks: `base` for the fixed knobs, `knobs` for the others.
struct TaskDistribution {
  TaskParameters base;
  std::vector<KnobDistribution> knobs;
};

/// Sets a numeric knob by name (integers are rounded), clamped to its range. Throws UserError on an unknown name, with
/// the nearest valid one.
void set_knob(TaskParameters& parameters, const std::string& knob, double value);
/// The same for a knob that is a choice, by its index.
void set_choice(TaskParameters& parameters, const std::string& knob, int choice);
double get_knob(const TaskParameters& parameters, const std::string& knob);

/// What describe(TaskParameters) says about a numeric knob. Throws UserError as set_knob does.
struct KnobInfo {
  Field field;
  bool integer = false;
};
KnobInfo knob_info(const std::string& knob);

/// Sets a knob to a uniform draw from [low, high]; integer knobs take each integer from the rounded low to the rounded
/// high with equal chance.
void draw_knob(TaskParameters& parameters, const std::string& knob, double low, double high, Random& random);

/// Where a schedule knob stands after `training_steps` learner steps: both ends of its range, which are one where it is
/// not wide.
struct KnobRange {
  double low = 0, high = 0;
};
KnobRange schedule_range(const KnobDistribution& knob, std::int64_t training_steps);

/// Throws UserError where a knob is unknown or its numbers are wrong.
void check_distribution(const TaskDistribution& distribution);

/// Draws all `range` knobs, and sets or draws all `schedule` knobs for `training_steps`; leaves `adr` knobs to the
/// policy.
TaskParameters sample_task_parameters(const TaskDistribution& distribution, std::int64_t training_steps,
                                      Random& random);

}  // namespace medal
