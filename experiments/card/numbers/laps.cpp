#include "experiments/card/numbers/laps.h"

#include "sim/rewards/order.h"

namespace medal {
namespace {

/// A lap between two of the entries.
struct Lap {
  std::size_t first, last;
};

std::vector<Lap> laps_of(const std::vector<GoalEntry>& entries, std::span<const int> order) {
  std::vector<Lap> laps;
  std::size_t first = 0;
  int direction = 0;
  for (std::size_t i = 1; i < entries.size(); ++i) {
    const int way = step_direction(order, entries[i - 1].goal, entries[i].goal);
    if (way == 0 || way != direction) first = way == 0 ? i : i - 1;
    direction = way;
    if (i - first < order.size()) continue;
    laps.push_back({first, i});
    first = i;
  }
  return laps;
}

}  // namespace

std::vector<double> lap_ends(const std::vector<GoalEntry>& entries, float rate, std::span<const int> order) {
  std::vector<double> ends;
  for (const Lap& lap : laps_of(entries, order)) ends.push_back(seconds_of(entries[lap.last], rate));
  return ends;
}

std::vector<double> lap_seconds(const std::vector<GoalEntry>& entries, float rate, std::span<const int> order) {
  std::vector<double> seconds;
  for (const Lap& lap : laps_of(entries, order))
    seconds.push_back(seconds_of(entries[lap.last], rate) - seconds_of(entries[lap.first], rate));
  return seconds;
}

}  // namespace medal
