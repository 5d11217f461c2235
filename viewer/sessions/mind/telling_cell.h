#pragma once

#include <span>
#include <vector>

namespace medal {

/// A memory's cells after one step, and whether the expert was to be seen in it.
struct CellRow {
  std::span<const float> cells;
  bool sees_expert = false;
};

/// The memory cell that best tells whether the expert is there.
struct TellingCell {
  int cell = -1;             ///< -1: none can be told yet
  float correlation = 0.0F;  ///< with presence, in [-1, 1]
};

/// Steps with the expert, and as many without, that it takes before a cell is named.
inline constexpr int kLeastTellingSteps = 10;

/// The cell whose value over the given steps has the greatest absolute Pearson correlation with presence (1 seen,
/// 0 not); the first of equals; cells that never change are passed over. None before there are kLeastTellingSteps steps
/// of either kind. All rows have the same number of cells.
TellingCell most_telling_cell(std::span<const CellRow> rows);
/// All cells by that measure, the most telling one first; those that never change come last.
std::vector<TellingCell> cells_by_telling(std::span<const CellRow> rows);

}  // namespace medal
