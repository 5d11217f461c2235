#include "viewer/sessions/mind/held_cells.h"

#include "sim/base/random.h"

namespace medal {
namespace {

float mean_of(std::span<const CellRow> rows, int cell) {
  double sum = 0;
  for (const CellRow& row : rows) sum += static_cast<double>(row.cells[static_cast<std::size_t>(cell)]);
  return static_cast<float>(sum / static_cast<double>(rows.size()));
}

}  // namespace

std::vector<HeldCell> held_cells(CellHold hold, std::span<const CellRow> rows, std::uint64_t seed) {
  if (hold == CellHold::none) return {};
  std::vector<TellingCell> cells = cells_by_telling(rows);
  if (hold == CellHold::random) {
    Random random(seed);
    random.shuffle(std::span<TellingCell>(cells));
  }
  cells.resize((cells.size() + 1) / 2);
  std::vector<HeldCell> held;
  for (const TellingCell& cell : cells) held.push_back({cell.cell, mean_of(rows, cell.cell)});
  return held;
}

}  // namespace medal
