#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <vector>

#include "agents/evaluation/batch_policy.h"
#include "sim/episode/episode.h"

namespace medal {

using Episodes = std::vector<std::unique_ptr<Episode>>;

/// Who plays the learners of some episodes, N of them over all, in the order of the episodes. `reset` is called once
/// before the first step with a seed for each learner [N]; `act` chooses their actions [N]. `forget` empties
/// the memory of the i-th learner; null where nobody has one.
struct Seats {
  std::function<void(const Episodes& episodes, std::span<const std::uint64_t> seeds)> reset;
  std::function<void(const Episodes& episodes, std::span<Action> actions)> act;
  std::function<void(int i)> forget = nullptr;
};

/// Learners that act by what they sense, with the LIDAR that gives observations of that size.
Seats agent_seats(const BatchPolicy& policy, int observation_size);

/// Told after each step of the i-th episode, with its learners' actions.
using StepWatcher = std::function<void(std::size_t i, const Episode& episode, std::span<const Action> actions)>;

/// Plays all episodes to their ends; their lengths and numbers of learners may differ. The draws of a learner follow
/// from its episode's entry in `seeds` and from its place there, whatever else is played.
void play_episodes(const Seats& seats, Episodes& episodes, std::span<const std::uint64_t> seeds,
                   const StepWatcher& watch);

}  // namespace medal
