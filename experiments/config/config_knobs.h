#pragma once

#include <string>

#include "agents/config/config_value.h"
#include "curriculum/distribution/task_distribution.h"

namespace medal {

/// Sets one knob of [task] to what was given: a value, {low, high}, {from, to, begin, end} or {adr_low, adr_high, low,
/// high, step} (from and to may be {low, high} too), or for a choice {CHOICE = WEIGHT, ...}. `name` must be a knob.
/// Throws UserError.
void read_knob(const ConfigEntry& entry, const std::string& name, TaskDistribution& task);

/// The same for [evaluation.task], where only a value or {low, high} is allowed.
void read_evaluation_knob(const ConfigEntry& entry, const std::string& name, TaskDistribution& task);

/// The knob as `read_knob` takes it.
std::string knob_text(const KnobDistribution& knob);

/// The distribution of a knob, null where it is fixed.
const KnobDistribution* find_distribution(const TaskDistribution& task, const std::string& name);

/// Whether an expert of kind `agent` may be drawn.
bool may_be_agent(const TaskDistribution& task);

/// Full difficulty, from the training distribution: penalty 1; a perfect expert; schedules at their last value; ADR
/// knobs uniform over the harder half of their limits (the half away from the initial range); all else as in training.
TaskDistribution evaluation_from_training(const TaskDistribution& training);

}  // namespace medal
