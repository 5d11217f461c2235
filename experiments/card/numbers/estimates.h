#pragma once

#include <optional>
#include <vector>

#include "agents/scores/bootstrap.h"
#include "agents/scores/evaluation_result.h"

namespace medal {

/// What one task gives to a ratio of sums; a mean is a ratio with denominator 1.
struct Ratio {
  double numerator = 0, denominator = 1;

  Ratio& operator+=(const Ratio& other) {
    numerator += other.numerator;
    denominator += other.denominator;
    return *this;
  }
};

/// The sum of the numerators over that of the denominators, with its interval over tasks. Not a number where the
/// denominators do not sum to more than 0; resamples of which that is true count as the whole.
Interval ratio(const std::vector<Ratio>& tasks);
Interval mean(const std::vector<double>& tasks);
/// CT (curriculum/presence/conditions.h) of the means, as above where E is not above 0.
Interval transmission(const std::vector<FourScores>& tasks);

/// Mean over the wanted cells of their transmission, with its interval over tasks: scores [task][cell], nothing where a
/// task was not played in a cell. Cells whose E is not above 0 are left out.
Interval mean_transmission(const std::vector<std::vector<std::optional<FourScores>>>& tasks,
                           const std::vector<bool>& wanted);

/// The smallest value that at least half of the tasks do not exceed, with its interval over tasks.
Interval median(const std::vector<double>& tasks);

/// One value for each task.
template <class Task, class Value>
auto of_tasks(const std::vector<Task>& tasks, Value value) {
  std::vector<decltype(value(tasks.front()))> values;
  values.reserve(tasks.size());
  for (const Task& task : tasks) values.push_back(value(task));
  return values;
}

}  // namespace medal
