#include <CLI/CLI.hpp>
#include <memory>

#include "viewer/verbs/choices.h"
#include "viewer/verbs/viewer_verbs.h"
#include "viewer/verbs/window_options.h"
#include "viewer/window/screens/replay_screen.h"

namespace medal {
namespace {

struct ReplayArguments {
  WindowArguments window;
  std::vector<std::string> files;
  std::string agent, camera = "overview";
};

void replay(const ReplayArguments& arguments) {
  const WindowOptions options = window_options(arguments.window);
  const auto camera = choice_of<CameraKind>(kCameraNames, arguments.camera);
  // Before a window opens: a file that is no replay is said at once.
  for (const std::string& file : arguments.files) load_replay(file);
  const std::shared_ptr<const LoadedAgent> agent = open_agent_if_named(arguments.agent);
  Window window("Medal: replay", options);
  ReplayScreen screen(window, {arguments.files.begin(), arguments.files.end()}, agent, camera);
  window.run([&](double seconds) { screen.frame(seconds); });
}

}  // namespace

void add_replay(CLI::App& app, Program&) {
  CLI::App* verb = app.add_subcommand("replay", "Look at a recorded game, or at two side by side");
  auto arguments = std::make_shared<ReplayArguments>();
  verb->add_option("files", arguments->files, "One replay, or two to compare")->required()->expected(1, 2);
  verb->add_option("--agent", arguments->agent,
                   "Run, checkpoint or exported agent: shows what it makes of the recording");
  verb->add_option("--camera", arguments->camera, "Where it is seen from at first")
      ->check(CLI::IsMember(choices(kCameraNames)));
  add_window_options(*verb, arguments->window);
  verb->callback([arguments] { replay(*arguments); });
}

}  // namespace medal
