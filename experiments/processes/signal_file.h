#pragma once

#include <signal.h>

namespace medal {

/// While it lives, SIGINT, SIGTERM and SIGCHLD wait in a file that can be polled and interrupt nothing. For a process
/// that looks after others. One at a time.
class SignalFile {
 public:
  SignalFile();
  ~SignalFile();
  SignalFile(const SignalFile&) = delete;
  SignalFile& operator=(const SignalFile&) = delete;

  int descriptor() const { return descriptor_; }
  /// Takes one that waits, or waits for one.
  int next() const;
  /// In a forked process, before exec: signals act as before.
  void release() const;

 private:
  sigset_t before_;
  int descriptor_ = -1;
};

}  // namespace medal
