#include "viewer/sessions/mind/telling_cell.h"

#include <vector>

#include "sim/base/random.h"
#include "tests/support/catch.h"

using namespace medal;

namespace {

/// Cells: 0 noise, 1 constant, 2 follows presence with noise, 3 against it with less noise, 4 noise.
struct Memory {
  std::vector<std::vector<float>> cells;
  std::vector<bool> seen;

  std::vector<CellRow> rows() const {
    std::vector<CellRow> rows;
    for (std::size_t i = 0; i < cells.size(); ++i) rows.push_back({cells[i], seen[i]});
    return rows;
  }
};

Memory synthetic_memory(int steps) {
  Random random(5);
  Memory memory;
  for (int i = 0; i < steps; ++i) {
    const bool seen = (i / 20) % 2 == 0;
    const float presence = seen ? 1.0F : 0.0F;
    memory.seen.push_back(seen);
    memory.cells.push_back({10 * random.normal(), 3.0F, presence + 0.8F * random.normal(),
                            0.1F * (-presence + 0.3F * random.normal()), random.normal()});
  }
  return memory;
}

}  // namespace

TEST_CASE("the cell that tells presence best is the one with the greatest correlation of either sign") {
  const Memory memory = synthetic_memory(400);
  const TellingCell found = most_telling_cell(memory.rows());
  CHECK(found.cell == 3);
  // Presence has deviation 0.5, the noise 0.3: correlation -0.5 / sqrt(0.25 + 0.09).
  CHECK(found.correlation == Approx(-0.857).margin(0.03));
}

TEST_CASE("no cell is named before there are enough steps with and without the expert") {
  Memory memory = synthetic_memory(20 + kLeastTellingSteps - 1);
  CHECK(most_telling_cell(memory.rows()).cell == -1);
  memory = synthetic_memory(20 + kLeastTellingSteps);
  CHECK(most_telling_cell(memory.rows()).cell >= 0);
  CHECK(most_telling_cell({}).cell == -1);
}

TEST_CASE("cells that never change, and an agent without memory, tell nothing") {
  Memory memory = synthetic_memory(100);
  for (auto& cells : memory.cells) cells = {3.0F, -1.0F};
  CHECK(most_telling_cell(memory.rows()).cell == -1);
  for (auto& cells : memory.cells) cells.clear();
  CHECK(most_telling_cell(memory.rows()).cell == -1);
}
