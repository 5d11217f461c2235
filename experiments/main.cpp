#include <CLI/CLI.hpp>

#include "experiments/verbs/command_line.h"
#include "experiments/verbs/load_trial.h"
#include "sim/base/version.h"

int main(int argc, char** argv) {
  if (medal::only_tries_to_load) return medal::trial_result();
  CLI::App app("Medal: cultural transmission in reinforcement learning", "medal");
  app.set_version_flag("--version", medal::program_version());
  return medal::run_command_line(app, medal::verbs(), argc, argv);
}
