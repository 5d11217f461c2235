#pragma once

#include <memory>
#include <string>
#include <vector>

#include "viewer/drawing/scene/camera.h"
#include "viewer/sessions/mind/agent_mind.h"
#include "viewer/window/window.h"

namespace CLI {
class App;
}

namespace medal {

/// What the verbs with a window have in common.
struct WindowArguments {
  std::string size = "1280x720";
  float scale = 1;
  int frames = 0;
  std::string screenshot;
};
void add_window_options(CLI::App& verb, WindowArguments& arguments);
/// Throws UserError.
WindowOptions window_options(const WindowArguments& arguments);

/// Which tasks a game draws from.
struct TaskArguments {
  std::string config;
  std::vector<std::string> overrides;
  std::uint64_t seed = 1;
};
void add_task_options(CLI::App& verb, TaskArguments& arguments);

/// Draws task parameters as held-out tasks have them: of the config that was named, else of the agent's, else of the
/// default preset. Throws UserError.
class TaskSource {
 public:
  TaskSource(const TaskArguments& arguments, const LoadedAgent* agent);
  ~TaskSource();
  TaskParameters parameters(std::uint64_t seed) const;

 private:
  struct Implementation;
  std::shared_ptr<const Implementation> implementation_;
};

/// Null for an empty name. Throws UserError.
std::shared_ptr<const LoadedAgent> open_agent_if_named(const std::string& name);

}  // namespace medal
