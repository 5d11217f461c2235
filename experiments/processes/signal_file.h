#pragma once

#include <signal.h>

namespace medal {

/// What asks a process to end and lets it: by a person, a closed terminal, a scheduler (Slurm's --signal, a limit of
/// processor time) or a failing power supply.
inline constexpr int kStoppingSignals[] = {SIGINT,  SIGTERM, SIGHUP,  SIGQUIT,   SIGUSR1, SIGUSR2,
                                           SIGALRM, SIGXCPU, SIGPROF, SIGVTALRM, SIGPOLL, SIGPWR};
bool is_stopping_signal(int signal);

/// While it lives, kStoppingSignals and SIGCHLD wait in a file that can be polled and interrupt nothing. For a process
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
