#pragma once

#include <ctime>
#include <functional>
#include <nlohmann/json.hpp>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "experiments/bench/benchmark.h"
#include "experiments/bench/records/record_table.h"

namespace medal {

/// One measured quantity: a value for each repeat.
struct Figure {
  std::string name;  ///< a BenchResult's
  std::string unit;
  std::vector<double> samples;
};

double median(std::vector<double> samples);

/// What a benchmark found.
class BenchReport {
 public:
  /// Takes the figures that `results` names, measured with `config`.
  BenchReport(std::span<const BenchResult> results, const Config& config);

  /// One of the results that were named; not empty.
  void add(std::string_view name, std::vector<double> samples);
  bool has(std::string_view name) const;
  const std::vector<Figure>& figures() const { return figures_; }

  /// {"config": {...}, "results": {NAME: {"median", "min", "max", "unit"}}, "warnings": [...]}
  std::string to_json() const;
  /// For people; each figure with its median and spread.
  std::string to_text() const;
  /// For the records: what a reader needs to compare, then NAME, NAME.min and NAME.max of each figure.
  RecordRow to_row() const;

 private:
  std::span<const BenchResult> results_;
  std::vector<Figure> figures_;
  nlohmann::ordered_json config_;      ///< the settings that every figure depends on, such as worlds, rays, SIMD path
  std::vector<std::string> warnings_;  ///< what makes figures worthless: a slow BLAS, too many threads, a busy machine
};

/// Processor time of the calling thread: what others do on the machine is left out (but for their use of the caches).
inline double thread_seconds() {
  timespec now{};
  ::clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
  return static_cast<double>(now.tv_sec) + 1e-9 * static_cast<double>(now.tv_nsec);
}

/// Thread seconds of one call.
inline double seconds_of(const std::function<void()>& work) {
  const double begin = thread_seconds();
  work();
  return thread_seconds() - begin;
}

}  // namespace medal
