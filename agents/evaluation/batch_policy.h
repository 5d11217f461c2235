#pragma once

#include <cstdint>
#include <functional>
#include <span>

#include "agents/agent/agent.h"
#include "sim/task/action.h"

namespace medal {

/// What chooses the actions of N learners: observations [N, O], row by row, to actions [N]. `reset` is called once
/// before the first step with a seed for each learner [N]; what a learner does depends on its seed and on what it
/// observes, not on who else plays.
struct BatchPolicy {
  std::function<void(std::span<const std::uint64_t> seeds)> reset;
  std::function<void(std::span<const float> observations, std::span<Action> actions)> act;
  /// The events that learner k remembers now, newest first; null for whoever remembers none.
  std::function<std::vector<RememberedEvent>(int learner)> remembered = nullptr;
  /// Empties the memory of learner k, for whom an episode begins; null for whoever has none.
  std::function<void(int learner)> forget = nullptr;
};
/// A copy of the agent; it draws its actions by seeds that follow from `seed` and each learner's own, or takes the most
/// likely ones.
BatchPolicy agent_policy(const Agent& agent, bool sample_actions, std::uint64_t seed);

}  // namespace medal
