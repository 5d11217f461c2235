#pragma once

#include <chrono>
#include <ctime>
#include <functional>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "experiments/config/config.h"

namespace medal {

/// What `medal bench` measures and how often.
struct BenchSettings {
  Config config;
  int repeats = 5;
  double seconds = 4;        ///< wall-clock time of each measurement of training
  bool plain_bullet = true;  ///< also measure the plain way to simulate
};

/// One measured quantity: a value for each repeat.
struct Figure {
  std::string name;  ///< such as "sim.learner_steps_per_second"
  std::string unit;
  std::vector<double> samples;
};

double median(std::vector<double> samples);

/// What one or several benchmarks found.
struct BenchReport {
  nlohmann::ordered_json config;
  std::vector<Figure> figures;
  std::vector<std::string> warnings;

  void add(std::string name, std::string unit, std::vector<double> samples) {
    figures.push_back({std::move(name), std::move(unit), std::move(samples)});
  }
};

/// The settings that every figure depends on: worlds, learners per world, substeps, rays, SIMD path, BLAS, threads.
nlohmann::ordered_json bench_config(const Config& config);
/// What makes the figures worthless for comparison: the reference BLAS, more threads than cores, a busy machine.
std::vector<std::string> bench_warnings(const Config& config);

/// {"config": {...}, "results": {NAME: {"median", "min", "max", "unit"}}, "warnings": [...]}
std::string bench_to_json(const BenchReport& report);
/// For people; each figure with its median and spread.
std::string bench_table(const BenchReport& report);

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
