#include "agents/evaluation/play_episodes.h"

#include <algorithm>

#include "sim/base/error.h"
#include "sim/base/random.h"

namespace medal {
namespace {

constexpr std::uint64_t kLearnerDomain = 0x4C4541524E455231ULL;  // of the draws of the policy's actions

std::vector<std::uint64_t> learner_seeds(const Episodes& episodes, std::span<const std::uint64_t> seeds) {
  std::vector<std::uint64_t> all;
  for (std::size_t i = 0; i < episodes.size(); ++i)
    for (int k = 0; k < episodes[i]->learners(); ++k)
      all.push_back(mix_seed(seeds[i], static_cast<std::uint64_t>(k), 0, kLearnerDomain));
  return all;
}

}  // namespace

Seats agent_seats(const BatchPolicy& policy, int observation_size) {
  const auto size = static_cast<std::size_t>(observation_size);
  const auto reset = [policy](const Episodes&, std::span<const std::uint64_t> seeds) { policy.reset(seeds); };
  const auto act = [policy, size, observations = std::vector<float>()](const Episodes& episodes,
                                                                       std::span<Action> actions) mutable {
    observations.resize(actions.size() * size);
    std::size_t row = 0;
    for (const auto& episode : episodes)
      for (int k = 0; k < episode->learners(); ++k, row += size)
        episode->observe(k, std::span(observations).subspan(row, size));
    policy.act(observations, actions);
  };
  return {reset, act, policy.forget};
}

void play_episodes(const Seats& seats, Episodes& episodes, std::span<const std::uint64_t> seeds,
                   const StepWatcher& watch) {
  MEDAL_CHECK(seeds.size() == episodes.size());
  const std::vector<std::uint64_t> of_learners = learner_seeds(episodes, seeds);
  seats.reset(episodes, of_learners);
  std::vector<Action> actions(of_learners.size());
  const auto unfinished = [&] {
    return std::any_of(episodes.begin(), episodes.end(), [](const auto& episode) { return !episode->finished(); });
  };
  while (unfinished()) {
    seats.act(episodes, actions);
    std::size_t first = 0;
    for (std::size_t i = 0; i < episodes.size(); ++i) {
      Episode& episode = *episodes[i];
      const auto own = std::span(actions).subspan(first, static_cast<std::size_t>(episode.learners()));
      first += own.size();
      if (episode.finished()) continue;
      episode.step(own);
      watch(i, episode, own);
    }
  }
}

}  // namespace medal
