#include <CLI/CLI.hpp>

#include "experiments/verbs/command_line.h"
#include "experiments/verbs/load_trial.h"
#include "sim/base/version.h"
#include "viewer/verbs/viewer_verbs.h"

int main(int argc, char** argv) {
  if (medal::only_tries_to_load) return medal::trial_result();
  CLI::App app("The viewer of Medal: play, watch, replay, and make pictures and video", "medal-viewer");
  app.set_version_flag("--version", medal::program_version());
  return medal::run_command_line(app, medal::viewer_verbs(), argc, argv);
}
