#pragma once

#include <algorithm>
#include <cstddef>
#include <vector>

#include "sim/base/random.h"

namespace medal {

/// A statistic of some values and its 95 % bootstrap interval.
struct Interval {
  double mean = 0, low = 0, high = 0;
};

/// `statistic` of the values, with its 95 % percentile interval over `samples` resamples (Efron 1979). The same each
/// time; without width where there are fewer than two values.
template <class Value, class Statistic>
Interval bootstrap(const std::vector<Value>& values, int samples, Statistic statistic) {
  Interval interval{statistic(values), 0, 0};
  interval.low = interval.high = interval.mean;
  if (values.size() < 2) return interval;
  Random random(20220301);
  std::vector<double> statistics(static_cast<std::size_t>(samples));
  std::vector<Value> resample(values.size());
  for (double& one : statistics) {
    for (Value& value : resample)
      value = values[static_cast<std::size_t>(random.integer(0, static_cast<int>(values.size()) - 1))];
    one = statistic(resample);
  }
  std::sort(statistics.begin(), statistics.end());
  const auto at = [&](double share) { return statistics[static_cast<std::size_t>(share * (samples - 1) + 0.5)]; };
  interval.low = at(0.025);
  interval.high = at(0.975);
  return interval;
}

}  // namespace medal
