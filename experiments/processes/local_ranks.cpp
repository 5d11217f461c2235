#include "experiments/processes/local_ranks.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <ctime>
#include <fstream>
#include <iterator>
#include <set>
#include <sstream>

#include "experiments/processes/child_process.h"
#include "experiments/processes/signal_file.h"
#include "sim/base/error.h"

namespace medal {
namespace {

constexpr const char* kLocalMark = "MEDAL_LOCAL_RANK";
constexpr int kGraceSeconds = 10;  // between asking a rank to stop and ending it

[[noreturn]] void become_rank(int rank, int ranks, int port, char** arguments) {
  ::prctl(PR_SET_PDEATHSIG, SIGTERM);  // no orphans
  const auto set = [](const char* name, const std::string& value) { ::setenv(name, value.c_str(), 1); };
  set("RANK", std::to_string(rank));
  set("LOCAL_RANK", std::to_string(rank));
  set("WORLD_SIZE", std::to_string(ranks));
  set("MASTER_ADDR", "127.0.0.1");
  set("MASTER_PORT", std::to_string(port));
  set(kLocalMark, "1");
  ::execv("/proc/self/exe", arguments);
  std::fprintf(stderr, "medal: cannot start a rank: %s\n", std::strerror(errno));
  ::_exit(1);
}

void send_all(const std::vector<pid_t>& processes, int signal) {
  for (pid_t process : processes)
    if (process > 0) ::kill(process, signal);
}

/// Passes on what the ranks write to stderr, each line once: a mistake that all of them meet is one mistake.
class ErrorLines {
 public:
  /// False at the end of the pipe.
  bool read_from(int pipe) {
    char buffer[4096];
    const ssize_t size = ::read(pipe, buffer, sizeof buffer);
    if (size <= 0) return false;
    text_.append(buffer, static_cast<std::size_t>(size));
    for (std::size_t end = 0; (end = text_.find('\n')) != std::string::npos; text_.erase(0, end + 1))
      if (seen_.insert(text_.substr(0, end)).second) std::fprintf(stderr, "%s\n", text_.substr(0, end).c_str());
    return true;
  }

 private:
  std::string text_;  ///< an unfinished line; whole ones of several ranks do not mix (PIPE_BUF)
  std::set<std::string> seen_;
};

/// The processes of one `run_local_ranks`.
class RankGroup {
 public:
  explicit RankGroup(std::vector<pid_t> processes) : processes_(std::move(processes)) {}

  /// Waits until all have ended. `errors`: the ranks' stderr.
  int supervise(const SignalFile& signals, int errors) {
    ErrorLines lines;
    pollfd waits[] = {{signals.descriptor(), POLLIN, 0}, {errors, POLLIN, 0}};
    while (running() > 0) {
      ::poll(waits, 2, 1000);
      if ((waits[1].revents & (POLLIN | POLLHUP)) != 0 && !lines.read_from(errors)) waits[1].fd = -1;
      if ((waits[0].revents & POLLIN) != 0) pass_on(signals.next());
      reap();
      if (deadline_ != 0 && std::time(nullptr) > deadline_) send_all(processes_, SIGKILL);
    }
    while (lines.read_from(errors)) {
    }
    if (exit_code_ == kLostRankExitCode) std::fprintf(stderr, "medal: the ranks have lost each other\n");
    return exit_code_;
  }

 private:
  std::ptrdiff_t running() const {
    return std::count_if(processes_.begin(), processes_.end(), [](pid_t process) { return process > 0; });
  }

  /// A second request is for those who do not listen.
  void pass_on(int signal) {
    if (!is_stopping_signal(signal)) return;
    send_all(processes_, SIGTERM);
    if (asked_to_stop_) deadline_ = std::time(nullptr) + kGraceSeconds;
    asked_to_stop_ = true;
  }

  void reap() {
    for (pid_t& process : processes_) {
      int status = 0;
      if (process <= 0 || ::waitpid(process, &status, WNOHANG) != process) continue;
      process = 0;
      const int code = exit_code_of(status);
      if (code == 0 || (exit_code_ != 0 && exit_code_ != kLostRankExitCode)) continue;
      exit_code_ = code;
      if (WIFSIGNALED(status))
        std::fprintf(stderr, "medal: a rank was ended by signal %d; stopping\n", WTERMSIG(status));
      send_all(processes_, SIGTERM);
      deadline_ = std::time(nullptr) + kGraceSeconds;
    }
  }

  std::vector<pid_t> processes_;  ///< 0 for those that have ended
  int exit_code_ = 0;
  bool asked_to_stop_ = false;
  std::time_t deadline_ = 0;  ///< when patience ends, 0 for never
};

/// Empty where there is no such file.
std::string content_of(const char* name) {
  std::ifstream file(name);
  return {std::istreambuf_iterator<char>(file), {}};
}

}  // namespace

int cores_within_quota(const std::string& cpu_max, int most) {
  std::istringstream text(cpu_max);
  double quota = 0, period = 0;
  if (!(text >> quota >> period) || quota <= 0 || period <= 0) return most;
  return std::clamp(static_cast<int>(std::ceil(quota / period)), 1, most);
}

std::string cpu_max_of_version_1(const std::string& quota, const std::string& period) {
  return quota.empty() || period.empty() ? std::string() : quota + " " + period;
}

int available_cores() {
  cpu_set_t cores;
  CPU_ZERO(&cores);
  if (::sched_getaffinity(0, sizeof cores, &cores) != 0) return 1;
  std::string cpu_max = content_of("/sys/fs/cgroup/cpu.max");
  if (cpu_max.empty())
    cpu_max = cpu_max_of_version_1(content_of("/sys/fs/cgroup/cpu/cpu.cfs_quota_us"),
                                   content_of("/sys/fs/cgroup/cpu/cpu.cfs_period_us"));
  return cores_within_quota(cpu_max, std::max(1, CPU_COUNT(&cores)));
}

int free_local_port() {
  const int listener = ::socket(AF_INET, SOCK_STREAM, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof address;
  auto* generic = reinterpret_cast<sockaddr*>(&address);
  const bool found =
      listener >= 0 && ::bind(listener, generic, size) == 0 && ::getsockname(listener, generic, &size) == 0;
  if (listener >= 0) ::close(listener);
  if (!found) throw UserError("no free network port for the ranks to meet; use --ranks 1");
  return ntohs(address.sin_port);
}

bool is_local_rank() { return std::getenv(kLocalMark) != nullptr; }

int run_local_ranks(int ranks, const std::vector<std::string>& arguments) {
  std::vector<std::string> texts = {"medal"};
  texts.insert(texts.end(), arguments.begin(), arguments.end());
  std::vector<char*> pointers;
  for (std::string& text : texts) pointers.push_back(text.data());
  pointers.push_back(nullptr);

  const int port = free_local_port();
  int errors[2];
  if (::pipe2(errors, O_CLOEXEC) != 0) throw UserError("no pipe for the ranks' messages; close some programs");
  const SignalFile signals;
  std::vector<pid_t> processes;
  for (int rank = 0; rank < ranks; ++rank) {
    const pid_t process = ::fork();
    if (process == 0) {
      signals.release();
      ::dup2(errors[1], STDERR_FILENO);
      become_rank(rank, ranks, port, pointers.data());
    }
    if (process < 0) {
      send_all(processes, SIGKILL);
      throw UserError("this machine lets no more processes start; lower --ranks");
    }
    processes.push_back(process);
  }
  ::close(errors[1]);
  const int exit_code = RankGroup(std::move(processes)).supervise(signals, errors[0]);
  ::close(errors[0]);
  return exit_code;
}

}  // namespace medal
