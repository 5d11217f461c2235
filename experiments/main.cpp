#include <CLI/CLI.hpp>

#include "experiments/command_line.h"

int main(int argc, char** argv) {
  CLI::App app("Medal: cultural transmission in reinforcement learning", "medal");
  app.set_version_flag("--version", MEDAL_VERSION);
  return medal::run_command_line(app, medal::verbs(), argc, argv);
}
