#pragma once

#include <memory>
#include <string>

#include "sim/task/task_parameters.h"
#include "tests/support/catch.h"
#include "tests/support/file_helpers.h"
#include "tests/support/program_helpers.h"
#include "tests/support/wanderer.h"
#include "viewer/sessions/mind/agent_mind.h"

namespace medal {

/// A small flat world in which everybody sees everybody, for a few seconds.
inline TaskParameters small_world(float seconds = 6) {
  TaskParameters parameters;
  parameters.arena_size = 10;
  parameters.bumpiness = 0;
  parameters.upright_density = parameters.low_bar_density = parameters.overhead_bar_density = 0;
  parameters.goals = 3;
  parameters.goal_spacing = 2.5F;
  parameters.episode_seconds = seconds;
  return parameters;
}

/// An agent that was trained for a second: it knows nothing, but is one.
inline std::shared_ptr<const LoadedAgent> tiny_agent() {
  static const std::shared_ptr<const LoadedAgent> agent = [] {
    const TemporaryFolder folder("tiny_agent");
    const ChildResult trained = run_medal(folder.path, tiny_training("tiny", {"--steps", "2048", "--ranks", "1"}));
    INFO(trained.errors);
    REQUIRE(trained.exit_code == 0);
    return open_agent((folder.path / "runs/tiny").string());
  }();
  return agent;
}

/// A person without a plan, the same in each session.
inline Action wandering_person(int step) { return wander(11, step); }

}  // namespace medal
