#pragma once

#include <nlohmann/json.hpp>

#include "agents/recordings/replay.h"

namespace medal {

/// What experiments/plots/episode.py draws: plays the replay again and writes down who was where, and what for.
/// Lists over time have steps + 1 values, the first for the start.
///   title, control_rate (Hz)
///   task      arena_size (m); heights: rows along +Y of values along +X (m); obstacles: kind, corners (4 of [x, y]);
///             goals: x, y, radius, colour, place (in the order, from 0); cyclic: whether the order closes
///   expert    kind; x, y (m), score (at penalty 1); entries: step, goal, reward (+1 or -1)
///   learners  as the expert, with presence in place of kind, and expert_visible (0 or 1)
/// An entry's step is the first index at which it counts. Throws UserError where the replay does not come out as
/// recorded.
nlohmann::ordered_json episode_paths(const Replay& replay);

}  // namespace medal
