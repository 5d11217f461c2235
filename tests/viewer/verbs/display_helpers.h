#pragma once

#include <filesystem>
#include <functional>
#include <string>
#include <vector>

#include "experiments/processes/child_process.h"

namespace medal {

/// A program that runs beside the test and is ended with it, at the latest.
class BackgroundProgram {
 public:
  /// `shell_line` runs in `folder`; it should end in `exec PROGRAM ...`, so that the program itself is what is ended.
  BackgroundProgram(const std::filesystem::path& folder, const std::string& shell_line);
  ~BackgroundProgram();
  BackgroundProgram(const BackgroundProgram&) = delete;

  bool running();
  /// Its exit code once it has ended, -1 where it has not after `seconds`.
  int wait(double seconds);

 private:
  int process_ = -1;
  int exit_code_ = -1;
};

/// Asks again and again until it is true; false after `seconds`.
bool wait_until(const std::function<bool()>& condition, double seconds);

/// A screen without a monitor, on a display number that is free.
class VirtualScreen {
 public:
  explicit VirtualScreen(const std::filesystem::path& folder);
  const std::string& display() const { return display_; }
  /// Keyboard and mouse: arguments of xdotool.
  ChildResult operate(const std::vector<std::string>& arguments) const;

 private:
  BackgroundProgram server_;
  std::string display_;
};

}  // namespace medal
