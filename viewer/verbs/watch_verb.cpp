#include <CLI/CLI.hpp>
#include <memory>

#include "experiments/runs/exported_agent.h"
#include "experiments/verbs/number_option.h"
#include "sim/base/atomic_file.h"
#include "viewer/sessions/session_view.h"
#include "viewer/verbs/choices.h"
#include "viewer/verbs/viewer_verbs.h"
#include "viewer/verbs/window_options.h"
#include "viewer/window/screens/watch_screen.h"

namespace medal {
namespace {

struct WatchArguments {
  WindowArguments window;
  TaskArguments task;
  std::string agent, expert, presence, camera = "overview", recordings = "recordings";
  int learners = 1;
  bool likely = false;
};

constexpr const char* kThree = "three";

/// Who names no agent watches the one that ships.
std::string agent_to_watch(const WatchArguments& arguments) {
  if (arguments.agent == kNobody) return {};
  return arguments.agent.empty() ? shipped_agent().string() : arguments.agent;
}

void watch(const WatchArguments& arguments) {
  const WindowOptions window_choice = window_options(arguments.window);
  check_output_folder("--recordings", arguments.recordings);
  WatchOptions options;
  options.agent = open_agent_if_named(agent_to_watch(arguments));
  options.parameters = TaskSource(arguments.task, options.agent.get()).parameters(arguments.task.seed);
  options.seed = arguments.task.seed;
  options.sample_actions = !arguments.likely;
  options.learners = arguments.learners;
  if (!arguments.expert.empty()) options.parameters.expert = choice_of<ExpertKind>(kExpertNames, arguments.expert);
  if (arguments.presence == kThree)
    options.presence = WatchPresence::three_conditions;
  else if (!arguments.presence.empty())
    options.parameters.presence = choice_of<PresenceKind>(kPresenceNames, arguments.presence);
  Window window("Medal: watch", window_choice);
  WatchScreen screen(window, std::move(options), choice_of<CameraKind>(kCameraNames, arguments.camera),
                     arguments.recordings);
  window.run([&](double seconds) { screen.frame(seconds); });
}

}  // namespace

void add_watch(CLI::App& app, Program&) {
  CLI::App* verb = app.add_subcommand("watch", "Watch an agent with any expert, in any task");
  auto arguments = std::make_shared<WatchArguments>();
  verb->add_option("agent", arguments->agent,
                   "Run, checkpoint or exported agent; default: the one that ships; nobody: the expert walks alone");
  verb->add_option("--expert", arguments->expert, "Who plays the expert")->check(CLI::IsMember(choices(kExpertNames)));
  std::vector<std::string> presence = choices(kPresenceNames);
  presence.emplace_back(kThree);
  verb->add_option("--presence", arguments->presence,
                   "When learners see the expert; three: three learners side by side, full, half and solo")
      ->check(CLI::IsMember(presence));
  add_number(*verb, "--learners", arguments->learners, {"", "", 1, kMaximumLearners, "How many"});
  add_task_options(*verb, arguments->task);
  verb->add_option("--camera", arguments->camera, "Where it is seen from at first")
      ->check(CLI::IsMember(choices(kCameraNames)));
  verb->add_flag("--likely", arguments->likely, "The agent takes its likeliest actions instead of drawing them");
  verb->add_option("--recordings", arguments->recordings, "Folder that games are saved to");
  add_window_options(*verb, arguments->window);
  verb->callback([arguments] { watch(*arguments); });
}

}  // namespace medal
