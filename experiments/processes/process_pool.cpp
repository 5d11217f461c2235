#include "experiments/processes/process_pool.h"

#include <fcntl.h>
#include <poll.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstring>

#include "experiments/processes/child_process.h"
#include "sim/base/atomic_file.h"

namespace medal {
namespace {

[[noreturn]] void become(char** arguments, int log) {
  ::prctl(PR_SET_PDEATHSIG, SIGTERM);  // no orphans
  // A terminal's Ctrl-C goes to its whole process group: a child would get it twice, and take that for impatience.
  ::setpgid(0, 0);
  ::dup2(::open("/dev/null", O_RDONLY), STDIN_FILENO);
  ::dup2(log, STDOUT_FILENO);
  ::dup2(log, STDERR_FILENO);
  ::execv("/proc/self/exe", arguments);
  std::fprintf(stderr, "medal: cannot start: %s\n", std::strerror(errno));
  ::_exit(1);
}

}  // namespace

ProcessPool::~ProcessPool() {
  stop_all();
  while (running() > 0) wait(1);
}

pid_t ProcessPool::start(const std::vector<std::string>& arguments, const std::filesystem::path& log) {
  std::vector<std::string> texts = {"medal"};
  texts.insert(texts.end(), arguments.begin(), arguments.end());
  std::vector<char*> pointers;
  for (std::string& text : texts) pointers.push_back(text.data());
  pointers.push_back(nullptr);

  const int log_file = ::open(log.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0666);
  if (log_file < 0) throw cannot_write(log, errno);
  const pid_t process = ::fork();
  if (process == 0) {
    signals_.release();
    become(pointers.data(), log_file);
  }
  ::close(log_file);
  if (process < 0) throw UserError("this machine lets no more processes start; lower --parallel");
  processes_.push_back(process);
  return process;
}

std::vector<ProcessPool::Ended> ProcessPool::wait(double seconds) {
  pollfd waiting{signals_.descriptor(), POLLIN, 0};
  if (::poll(&waiting, 1, static_cast<int>(1000 * seconds)) == 1) {
    const int signal = signals_.next();
    if (is_stopping_signal(signal)) {
      asked_to_stop_ = true;
      stop_all();
    }
  }
  std::vector<Ended> ended;
  std::erase_if(processes_, [&](pid_t process) {
    int status = 0;
    if (::waitpid(process, &status, WNOHANG) != process) return false;
    ended.push_back({process, exit_code_of(status)});
    return true;
  });
  return ended;
}

void ProcessPool::stop_all() const {
  for (pid_t process : processes_) ::kill(process, SIGTERM);
}

}  // namespace medal
