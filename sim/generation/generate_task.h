#pragma once

#include <cstdint>

#include "sim/task/task.h"

namespace medal {

/// Pure: the same arguments give the same task, bit for bit. Every goal and spawn can be reached on foot, without
/// jumping or crouching. Throws UserError when no layout is found (say 8 goals 8 m apart in 8 m), naming the knobs to
/// change.
Task generate_task(const TaskParameters& parameters, std::uint64_t seed, std::uint64_t geometry_seed);

/// The usual case: geometry drawn from the same seed.
Task generate_task(const TaskParameters& parameters, std::uint64_t seed);

}  // namespace medal
