#include "viewer/verbs/window_options.h"

#include <CLI/CLI.hpp>

#include "curriculum/distribution/task_distribution.h"
#include "experiments/config/config_file.h"
#include "experiments/verbs/number_option.h"
#include "experiments/verbs/override_check.h"
#include "viewer/verbs/shot.h"

namespace medal {

void add_window_options(CLI::App& verb, WindowArguments& arguments) {
  verb.add_option("--size", arguments.size, "WIDTHxHEIGHT of the window");
  add_number(verb, "--scale", arguments.scale,
             {"", "", 0.5, 4, "Size of text and panels, beside what the screen asks for"});
  // For tests and timings.
  add_number(verb, "--frames", arguments.frames, {"", "", 0, 1e9, ""})->group("");
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
  add_seed(verb, arguments.seed, "Which task");
}

struct TaskSource::Implementation {
  Config config;
};

TaskSource::TaskSource(const TaskArguments& arguments, const LoadedAgent* agent) {
  check_overrides(arguments.overrides, {"task.", "evaluation.task."}, "task.goals=4");
  auto made = std::make_shared<Implementation>();
  if (arguments.config.empty() && agent != nullptr) {
    const AgentCard card = agent_card(*agent);
    made->config = config_from_toml(card.config_toml, "the config of " + card.name, arguments.overrides);
  } else {
    const std::filesystem::path file = arguments.config.empty() ? kDefaultPreset : arguments.config;
    made->config = load_config(&file, arguments.overrides);
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
