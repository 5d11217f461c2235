#pragma once

#include <string>

#include "sim/task/task.h"

namespace medal {

/// A task seen from above, in characters: goals by their place in the order (1, 2, ...), E and L where expert and first
/// learner begin, # upright, - low bar, = overhead bar; shades of ground by height.
std::string task_map(const Task& task, int columns);

}  // namespace medal
