#pragma once

#include <sys/types.h>

#include <filesystem>
#include <string>
#include <vector>

#include "experiments/processes/signal_file.h"

namespace medal {

/// Runs of this program as child processes. kStoppingSignals are passed on to them, as SIGTERM, each time that they
/// come. Not thread-safe.
class ProcessPool {
 public:
  ProcessPool() = default;
  /// Asks those that still run to stop, and waits for them.
  ~ProcessPool();
  ProcessPool(const ProcessPool&) = delete;
  ProcessPool& operator=(const ProcessPool&) = delete;

  /// Starts this program with arguments (without the program's name). What it writes is added to the file `log`. Throws
  /// UserError.
  pid_t start(const std::vector<std::string>& arguments, const std::filesystem::path& log);

  struct Ended {
    pid_t process = 0;
    int exit_code = 0;  ///< 128 + N: ended by signal N
  };
  /// Returns when one or more have ended, when a signal has come, or after that many seconds.
  std::vector<Ended> wait(double seconds);

  std::size_t running() const { return processes_.size(); }
  /// Whether one of kStoppingSignals has come.
  bool asked_to_stop() const { return asked_to_stop_; }

 private:
  void stop_all() const;

  SignalFile signals_;
  std::vector<pid_t> processes_;
  bool asked_to_stop_ = false;
};

}  // namespace medal
