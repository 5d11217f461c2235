#include "experiments/local_ranks.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sched.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <ctime>

#include "sim/error.h"

namespace medal {
namespace {

constexpr int kGraceSeconds = 10;  // between asking a rank to stop and ending it

/// A port of this machine that is free now.
int free_port() {
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

[[noreturn]] void become_rank(int rank, int ranks, int port, char** arguments) {
  ::prctl(PR_SET_PDEATHSIG, SIGTERM);  // no orphans
  const auto set = [](const char* name, const std::string& value) { ::setenv(name, value.c_str(), 1); };
  set("RANK", std::to_string(rank));
  set("LOCAL_RANK", std::to_string(rank));
  set("WORLD_SIZE", std::to_string(ranks));
  set("MASTER_ADDR", "127.0.0.1");
  set("MASTER_PORT", std::to_string(port));
  ::execv("/proc/self/exe", arguments);
  std::fprintf(stderr, "medal: cannot start a rank: %s\n", std::strerror(errno));
  ::_exit(1);
}

void send_all(const std::vector<pid_t>& processes, int signal) {
  for (pid_t process : processes)
    if (process > 0) ::kill(process, signal);
}

int exit_code_of(int status) { return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status); }

/// Waits until all processes have ended; passes on signals, of which `signals` (blocked) are waited for.
int supervise(std::vector<pid_t> processes, const sigset_t& signals) {
  int exit_code = 0;
  std::time_t deadline = 0;  // when patience with a failed group ends, 0: none failed
  std::size_t running = processes.size();
  while (running > 0) {
    const timespec second{1, 0};
    const int signal = ::sigtimedwait(&signals, nullptr, &second);
    if (signal == SIGINT || signal == SIGTERM) send_all(processes, SIGTERM);
    for (pid_t& process : processes) {
      int status = 0;
      if (process <= 0 || ::waitpid(process, &status, WNOHANG) != process) continue;
      process = 0;
      --running;
      const int code = exit_code_of(status);
      if (code == 0 || exit_code != 0) continue;
      exit_code = code;
      if (WIFSIGNALED(status))
        std::fprintf(stderr, "medal: a rank was ended by signal %d; stopping\n", WTERMSIG(status));
      send_all(processes, SIGTERM);
      deadline = std::time(nullptr) + kGraceSeconds;
    }
    if (deadline != 0 && std::time(nullptr) > deadline) send_all(processes, SIGKILL);
  }
  return exit_code;
}

}  // namespace

int available_cores() {
  cpu_set_t cores;
  CPU_ZERO(&cores);
  if (::sched_getaffinity(0, sizeof cores, &cores) != 0) return 1;
  return std::max(1, CPU_COUNT(&cores));
}

bool launched_as_rank() {
  for (const char* name : {"RANK", "WORLD_SIZE", "OMPI_COMM_WORLD_SIZE", "SLURM_STEP_NUM_TASKS"})
    if (std::getenv(name)) return true;
  return false;
}

int run_local_ranks(int ranks, const std::vector<std::string>& arguments) {
  std::vector<std::string> texts = {"medal"};
  texts.insert(texts.end(), arguments.begin(), arguments.end());
  std::vector<char*> pointers;
  for (std::string& text : texts) pointers.push_back(text.data());
  pointers.push_back(nullptr);

  const int port = free_port();
  sigset_t signals, before;
  sigemptyset(&signals);
  for (int signal : {SIGINT, SIGTERM, SIGCHLD}) sigaddset(&signals, signal);
  ::sigprocmask(SIG_BLOCK, &signals, &before);
  std::vector<pid_t> processes;
  for (int rank = 0; rank < ranks; ++rank) {
    const pid_t process = ::fork();
    if (process == 0) {
      ::sigprocmask(SIG_SETMASK, &before, nullptr);
      become_rank(rank, ranks, port, pointers.data());
    }
    processes.push_back(process);
  }
  const int exit_code = supervise(processes, signals);
  ::sigprocmask(SIG_SETMASK, &before, nullptr);
  return exit_code;
}

}  // namespace medal
