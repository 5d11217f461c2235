#pragma once

#include <chrono>

namespace medal {

/// Measures stages that follow each other.
class Stopwatch {
 public:
  /// One that does not start does not ask what time it is, and is of no use.
  explicit Stopwatch(bool starts = true) : last_(starts ? Clock::now() : Clock::time_point()) {}
  /// Adds the seconds since the start or the last lap.
  void lap(double& seconds) {
    const Clock::time_point now = Clock::now();
    seconds += std::chrono::duration<double>(now - last_).count();
    last_ = now;
  }

 private:
  using Clock = std::chrono::steady_clock;
  Clock::time_point last_;
};

}  // namespace medal
