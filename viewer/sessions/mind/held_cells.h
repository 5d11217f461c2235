#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "agents/agent/agent.h"
#include "viewer/sessions/mind/telling_cell.h"

namespace medal {

/// Which cells of a memory are held still, as in the card's section on the mind: half of all.
enum class CellHold {
  none,
  telling,  ///< those that tell most of whether the expert is there
  random    ///< as many by chance
};

/// Those cells, each at its mean over the given steps. Random(seed) draws the random ones. None before
/// kLeastTellingSteps steps with the expert and without, and where a memory has no cells.
std::vector<HeldCell> held_cells(CellHold hold, std::span<const CellRow> rows, std::uint64_t seed);

}  // namespace medal
