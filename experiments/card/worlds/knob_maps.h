#pragma once

#include <functional>
#include <string>
#include <vector>

#include "curriculum/distribution/task_distribution.h"

namespace medal {

/// One side of a map over knobs.
struct KnobAxis {
  std::string label;
  std::vector<double> values;
  std::function<void(TaskParameters& parameters, double value)> set;
  std::function<KnobRange(const TaskDistribution& trained)> trained;
};

struct KnobMap {
  std::string name, title;
  KnobAxis x, y;
};

/// The maps of generalisation; the last one has a single row. `coarse`: every second value.
std::vector<KnobMap> knob_maps(bool coarse);

}  // namespace medal
