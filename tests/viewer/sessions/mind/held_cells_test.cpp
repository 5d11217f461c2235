#include "viewer/sessions/mind/held_cells.h"

#include <algorithm>
#include <set>

#include "tests/support/catch.h"

using namespace medal;

namespace {

/// Of 8 cells the even ones follow presence, the less the higher they are; the odd ones count steps.
std::vector<std::vector<float>> some_cells(int steps) {
  std::vector<std::vector<float>> cells;
  for (int step = 0; step < steps; ++step) {
    std::vector<float> row;
    for (int cell = 0; cell < 8; ++cell) {
      const bool seen = step / 20 % 2 == 0;
      const int noise = step * 7919 % 13;
      row.push_back(cell % 2 == 0 ? (seen ? 1.0F : 0.0F) + 0.01F * static_cast<float>(cell * noise)
                                  : static_cast<float>(step));
    }
    cells.push_back(row);
  }
  return cells;
}

std::vector<CellRow> rows_of(const std::vector<std::vector<float>>& cells) {
  std::vector<CellRow> rows;
  for (std::size_t step = 0; step < cells.size(); ++step) rows.push_back({cells[step], step / 20 % 2 == 0});
  return rows;
}

}  // namespace

TEST_CASE("the half of the cells that tells most of the expert is held, each at its mean") {
  const auto cells = some_cells(80);
  const std::vector<CellRow> rows = rows_of(cells);
  const std::vector<HeldCell> held = held_cells(CellHold::telling, rows, 1);
  REQUIRE(held.size() == 4);
  for (int k = 0; k < 4; ++k) CHECK(held[static_cast<std::size_t>(k)].cell == 2 * k);
  CHECK(held[0].value == Approx(0.5));
  CHECK(held_cells(CellHold::none, rows, 1).empty());
}

TEST_CASE("by chance as many cells are held, others by another seed, each once") {
  const auto cells = some_cells(80);
  const std::vector<CellRow> rows = rows_of(cells);
  std::set<std::vector<int>> choices;
  for (std::uint64_t seed = 1; seed <= 20; ++seed) {
    std::vector<int> chosen;
    for (const HeldCell& cell : held_cells(CellHold::random, rows, seed)) chosen.push_back(cell.cell);
    std::sort(chosen.begin(), chosen.end());
    CHECK(chosen.size() == 4);
    CHECK(std::adjacent_find(chosen.begin(), chosen.end()) == chosen.end());
    choices.insert(chosen);
  }
  CHECK(choices.size() > 5);
}

TEST_CASE("nothing is held before the expert was there and away for a while, nor where there are no cells") {
  const auto cells = some_cells(20 + kLeastTellingSteps - 1);
  CHECK(held_cells(CellHold::telling, rows_of(cells), 1).empty());
  const std::vector<std::vector<float>> none(80);
  CHECK(held_cells(CellHold::random, rows_of(none), 1).empty());
}
