#include "experiments/processes/signal_file.h"

#include <sys/signalfd.h>
#include <unistd.h>

#include <algorithm>
#include <iterator>

#include "sim/base/error.h"

namespace medal {

bool is_stopping_signal(int signal) {
  return std::find(std::begin(kStoppingSignals), std::end(kStoppingSignals), signal) != std::end(kStoppingSignals);
}

SignalFile::SignalFile() {
  ::signal(SIGCHLD, SIG_DFL);  // if it was ignored, nobody could be waited for
  sigset_t signals;
  sigemptyset(&signals);
  sigaddset(&signals, SIGCHLD);
  for (int signal : kStoppingSignals) sigaddset(&signals, signal);
  ::sigprocmask(SIG_BLOCK, &signals, &before_);
  descriptor_ = ::signalfd(-1, &signals, SFD_CLOEXEC);
  MEDAL_CHECK(descriptor_ >= 0);
}

SignalFile::~SignalFile() {
  ::close(descriptor_);
  ::sigprocmask(SIG_SETMASK, &before_, nullptr);
}

int SignalFile::next() const {
  signalfd_siginfo info{};
  return ::read(descriptor_, &info, sizeof info) == sizeof info ? static_cast<int>(info.ssi_signo) : 0;
}

void SignalFile::release() const { ::sigprocmask(SIG_SETMASK, &before_, nullptr); }

}  // namespace medal
