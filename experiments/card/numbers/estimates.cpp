#include "experiments/card/numbers/estimates.h"

#include <algorithm>
#include <limits>

#include "curriculum/presence/conditions.h"

namespace medal {
namespace {

constexpr int kResamples = 2000;
constexpr double kNone = std::numeric_limits<double>::quiet_NaN();

/// `statistic` gives not a number where there is none.
template <class Value, class Statistic>
Interval estimate(const std::vector<Value>& values, Statistic statistic) {
  const double whole = values.empty() ? kNone : statistic(values);
  if (!(whole == whole)) return {kNone, kNone, kNone};
  return bootstrap(values, kResamples, [&](const std::vector<Value>& sample) {
    const double value = statistic(sample);
    return value == value ? value : whole;
  });
}

double transmission_of(const FourScores& sum) {
  return sum.expert > 0 ? cultural_transmission(sum.full, sum.half, sum.solo, sum.expert) : kNone;
}

void add_to(FourScores& sum, const FourScores& task) {
  sum.full += task.full, sum.half += task.half;
  sum.solo += task.solo, sum.expert += task.expert;
}

}  // namespace

Interval ratio(const std::vector<Ratio>& tasks) {
  return estimate(tasks, [](const std::vector<Ratio>& sample) {
    Ratio sum{0, 0};
    for (const Ratio& task : sample) sum += task;
    return sum.denominator > 0 ? sum.numerator / sum.denominator : kNone;
  });
}

Interval mean(const std::vector<double>& tasks) {
  return ratio(of_tasks(tasks, [](double value) { return Ratio{value}; }));
}

Interval transmission(const std::vector<FourScores>& tasks) {
  return estimate(tasks, [](const std::vector<FourScores>& sample) {
    FourScores sum;
    for (const FourScores& task : sample) add_to(sum, task);
    return transmission_of(sum);
  });
}

Interval mean_transmission(const std::vector<std::vector<std::optional<FourScores>>>& tasks,
                           const std::vector<bool>& wanted) {
  using Cells = std::vector<std::optional<FourScores>>;
  std::vector<const Cells*> all;  // resamples copy pointers
  for (const Cells& task : tasks) all.push_back(&task);
  return estimate(all, [&wanted](const std::vector<const Cells*>& sample) {
    Ratio mean{0, 0};
    for (std::size_t cell = 0; cell < wanted.size(); ++cell) {
      if (!wanted[cell]) continue;
      FourScores sum;
      for (const Cells* task : sample)
        if ((*task)[cell]) add_to(sum, *(*task)[cell]);
      if (const double value = transmission_of(sum); value == value) mean += {value, 1};
    }
    return mean.denominator > 0 ? mean.numerator / mean.denominator : kNone;
  });
}

Interval median(const std::vector<double>& tasks) {
  return estimate(tasks, [](std::vector<double> sample) {
    const auto middle = sample.begin() + static_cast<std::ptrdiff_t>((sample.size() - 1) / 2);
    std::nth_element(sample.begin(), middle, sample.end());
    return *middle;
  });
}

}  // namespace medal
