#include "tests/viewer/verbs/display_helpers.h"

#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <csignal>
#include <fstream>
#include <thread>

#include "tests/support/catch.h"

namespace medal {

BackgroundProgram::BackgroundProgram(const std::filesystem::path& folder, const std::string& shell_line) {
  std::vector<std::string> words = {"/bin/sh", "-c", "cd \"$0\" && " + shell_line, folder.string()};
  std::vector<char*> arguments;
  for (std::string& word : words) arguments.push_back(word.data());
  arguments.push_back(nullptr);
  REQUIRE(posix_spawn(&process_, "/bin/sh", nullptr, nullptr, arguments.data(), environ) == 0);
}

BackgroundProgram::~BackgroundProgram() {
  if (!running()) return;
  kill(process_, SIGTERM);
  if (wait(5) < 0) {
    kill(process_, SIGKILL);
    waitpid(process_, nullptr, 0);
  }
}

bool BackgroundProgram::running() {
  if (process_ < 0) return false;
  int status = 0;
  if (waitpid(process_, &status, WNOHANG) != process_) return true;
  exit_code_ = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
  process_ = -1;
  return false;
}

int BackgroundProgram::wait(double seconds) {
  wait_until([this] { return !running(); }, seconds);
  return exit_code_;
}

bool wait_until(const std::function<bool()>& condition, double seconds) {
  const auto end = std::chrono::steady_clock::now() + std::chrono::duration<double>(seconds);
  while (!condition()) {
    if (std::chrono::steady_clock::now() > end) return false;
    std::this_thread::sleep_for(std::chrono::milliseconds(20));
  }
  return true;
}

VirtualScreen::VirtualScreen(const std::filesystem::path& folder)
    : server_(folder, "exec Xvfb -displayfd 3 -screen 0 1280x720x24 -nolisten tcp 3>display.txt 2>xvfb.txt") {
  // It writes the number once it is ready.
  const bool ready = wait_until(
      [&] {
        std::string number;
        std::getline(std::ifstream(folder / "display.txt") >> std::ws, number);
        display_ = ":" + number;
        return !number.empty() || !server_.running();
      },
      20);
  INFO("Xvfb did not start; the Debian packages xvfb and xdotool are needed for this test");
  REQUIRE(ready);
  REQUIRE(server_.running());
}

ChildResult VirtualScreen::operate(const std::vector<std::string>& arguments) const {
  std::vector<std::string> command = {"env", "DISPLAY=" + display_, "xdotool"};
  command.insert(command.end(), arguments.begin(), arguments.end());
  return run_child(command);
}

}  // namespace medal
