#include "viewer/verbs/window_options.h"

#include <CLI/CLI.hpp>

#include "curriculum/distribution/task_distribution.h"
#include "experiments/config/config_file.h"
#include "viewer/verbs/shot.h"

namespace medal {

void add_window_options(CLI::App& verb, WindowArguments& arguments) {
  verb.add_option("--size", arguments.size, "WIDTHxHEIGHT of the window");
  verb.add_option("--scale", arguments.scale, "Size of text and panels, beside what the screen asks for")
      ->check(CLI::Range(0.5F, 4.0F));
  // For tests and timings.
  verb.add_option("--frames", arguments.frames)->group("")->check(CLI::NonNegativeNumber);
  verb.add_option("--screenshot", arguments.screenshot)->group("");
}

WindowOptions window_options(const WindowArguments& arguments) {
  return {parse_size(arguments.size), arguments.scale, arguments.frames, arguments.screenshot};
}

void add_task_options(CLI::App& verb, TaskArguments& arguments) {
  verb.add_option("--config", arguments.config,
                  "Preset or TOML file whose held-out tasks are played; default: the agent's");
  verb.add_option("--set", arguments.overrides, "Override one option: section.key=value; may be repeated")
      ->allow_extra_args(false);
  verb.add_option("--seed", arguments.seed, "Which task");
}

struct TaskSource::Implementation {
  Config config;
};

namespace {

/// What is set for training tasks shall hold for those that are played, even where the config says otherwise of
/// held-out ones.
std::vector<std::string> for_played_tasks(const std::vector<std::string>& overrides) {
  std::vector<std::string> all = overrides;
  for (const std::string& assignment : overrides)
    if (assignment.starts_with("task.")) all.push_back("evaluation." + assignment);
  return all;
}

}  // namespace

TaskSource::TaskSource(const TaskArguments& arguments, const LoadedAgent* agent) {
  const std::vector<std::string> overrides = for_played_tasks(arguments.overrides);
  auto made = std::make_shared<Implementation>();
  if (arguments.config.empty() && agent != nullptr) {
    const AgentCard card = agent_card(*agent);
    made->config = config_from_toml(card.config_toml, "the config of " + card.name, overrides);
  } else {
    const std::filesystem::path file = arguments.config.empty() ? kDefaultPreset : arguments.config;
    made->config = load_config(&file, overrides);
  }
  implementation_ = std::move(made);
}

TaskSource::~TaskSource() = default;

TaskParameters TaskSource::parameters(std::uint64_t seed) const {
  Random random(seed);
  return sample_task_parameters(implementation_->config.evaluation_task, 0, random);
}

std::shared_ptr<const LoadedAgent> open_agent_if_named(const std::string& name) {
  return name.empty() ? nullptr : open_agent(name);
}

}  // namespace medal
