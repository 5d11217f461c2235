#include "viewer/sessions/mind/telling_cell.h"

#include <algorithm>
#include <cmath>

namespace medal {
namespace {

constexpr double kLeastVariance = 1e-12;

/// Correlation of one cell with presence; 0 where the cell does not change. `share`: of the steps with the expert.
double correlation(std::span<const CellRow> rows, std::size_t cell, double share) {
  double sum = 0, squares = 0, with_expert = 0;
  for (const CellRow& row : rows) {
    const auto value = static_cast<double>(row.cells[cell]);
    sum += value;
    squares += value * value;
    if (row.sees_expert) with_expert += value;
  }
  const auto count = static_cast<double>(rows.size());
  const double mean = sum / count, variance = squares / count - mean * mean;
  if (variance < kLeastVariance * (1.0 + mean * mean)) return 0.0;
  return (with_expert / count - mean * share) / std::sqrt(variance * share * (1.0 - share));
}

}  // namespace

std::vector<TellingCell> cells_by_telling(std::span<const CellRow> rows) {
  const auto seen = std::count_if(rows.begin(), rows.end(), [](const CellRow& row) { return row.sees_expert; });
  const auto unseen = static_cast<std::ptrdiff_t>(rows.size()) - seen;
  if (seen < kLeastTellingSteps || unseen < kLeastTellingSteps) return {};
  const double share = static_cast<double>(seen) / static_cast<double>(rows.size());
  std::vector<TellingCell> cells;
  for (std::size_t cell = 0; cell < rows.front().cells.size(); ++cell)
    cells.push_back({static_cast<int>(cell), static_cast<float>(correlation(rows, cell, share))});
  std::stable_sort(cells.begin(), cells.end(), [](const TellingCell& one, const TellingCell& other) {
    return std::abs(one.correlation) > std::abs(other.correlation);
  });
  return cells;
}

TellingCell most_telling_cell(std::span<const CellRow> rows) {
  const std::vector<TellingCell> cells = cells_by_telling(rows);
  return cells.empty() || cells.front().correlation == 0 ? TellingCell{} : cells.front();
}

}  // namespace medal
