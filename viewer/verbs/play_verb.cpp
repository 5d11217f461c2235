#include <CLI/CLI.hpp>
#include <memory>

#include "experiments/processes/tell.h"
#include "experiments/runs/exported_agent.h"
#include "sim/base/atomic_file.h"
#include "sim/base/error.h"
#include "viewer/verbs/viewer_verbs.h"
#include "viewer/verbs/window_options.h"
#include "viewer/window/screens/play_screen.h"

namespace medal {
namespace {

struct PlayArguments {
  WindowArguments window;
  TaskArguments task;
  std::string agent, as = "expert", against, recordings = "recordings", log;
  bool first_person = false, likely = false;
};

OtherSide other_side(const PlayArguments& arguments) {
  if (arguments.against == "agent") return OtherSide::agent;
  if (arguments.against == "bot") return OtherSide::expert_bot;
  if (arguments.against == "nobody") return OtherSide::nobody;
  if (arguments.as == "learner") return OtherSide::expert_bot;
  return arguments.agent.empty() ? OtherSide::nobody : OtherSide::agent;
}

/// A person who is the expert and names no agent meets the one that ships.
std::string agent_to_meet(const PlayArguments& arguments) {
  const bool wanted = arguments.as == "expert" && (arguments.against.empty() || arguments.against == "agent");
  return wanted && arguments.agent.empty() ? shipped_agent().string() : arguments.agent;
}

void play(PlayArguments arguments) {
  const WindowOptions options = window_options(arguments.window);
  check_output_folder("--recordings", arguments.recordings);
  arguments.agent = agent_to_meet(arguments);
  const std::shared_ptr<const LoadedAgent> agent = open_agent_if_named(arguments.agent);
  const TaskSource tasks(arguments.task, agent.get());
  PlaySetup setup;
  setup.game = {tasks.parameters(arguments.task.seed),
                arguments.task.seed,
                arguments.as == "expert" ? PersonRole::expert : PersonRole::learner,
                other_side(arguments),
                agent,
                !arguments.likely,
                arguments.recordings};
  setup.parameters = [&](std::uint64_t seed) { return tasks.parameters(seed); };
  setup.camera = arguments.first_person ? CameraKind::first_person : CameraKind::shoulder;
  setup.agent_name = arguments.agent;
  setup.log = arguments.log;
  setup.wait = arguments.window.frames == 0;
  Window window("Medal: play", options);
  PlayScreen screen(window, std::move(setup));
  window.run([&](double seconds) { screen.frame(seconds); });
  if (const std::filesystem::path file = screen.finish(); !file.empty()) tell("recorded to {}\n", file.string());
}

}  // namespace

void add_play(CLI::App& app, Program&) {
  CLI::App* verb =
      app.add_subcommand("play", "Play the expert or the learner yourself, with keyboard, mouse or gamepad");
  auto arguments = std::make_shared<PlayArguments>();
  verb->add_option("agent", arguments->agent,
                   "Run, checkpoint or exported agent that learns from you; default: the one that ships");
  verb->add_option("--as", arguments->as, "What you are: expert or learner")
      ->check(CLI::IsMember({"expert", "learner"}));
  verb->add_option("--against", arguments->against, "Who else is there: agent, bot (an expert) or nobody")
      ->check(CLI::IsMember({"agent", "bot", "nobody"}));
  add_task_options(*verb, arguments->task);
  verb->add_flag("--first-person", arguments->first_person, "Begin with the avatar's own eyes");
  verb->add_flag("--likely", arguments->likely, "The agent takes its likeliest actions instead of drawing them");
  verb->add_option("--recordings", arguments->recordings, "Folder that games are recorded to");
  add_window_options(*verb, arguments->window);
  verb->add_option("--log", arguments->log)->group("");
  verb->callback([arguments] { play(*arguments); });
}

}  // namespace medal
