#include "agents/evaluation/three_conditions.h"

#include <algorithm>
#include <utility>

#include "sim/base/error.h"
#include "sim/base/random.h"

namespace medal {

namespace {

constexpr std::uint64_t kLearnerDomain = 0x4C4541524E455231ULL;  // of the draws of the policy's actions

/// Scores at penalty 1 up to now.
FourScores four_scores(const Episode& episode) {
  const auto score = [&](int learner) {
    return static_cast<double>(episode.learner_score(learner).unit_penalty_score);
  };
  return {score(0), score(1), score(2), static_cast<double>(episode.expert_score().unit_penalty_score)};
}

bool ends_a_part(const Episode& episode) {
  const float rate = episode.spec().parameters.control_rate;
  const auto part_of = [rate](int step) {
    return static_cast<int>(static_cast<float>(step) / (kTimelineSeconds * rate));
  };
  return episode.finished() || part_of(episode.step_count()) > part_of(episode.step_count() - 1);
}

}  // namespace

std::vector<TaskScores> play_three_conditions(const BatchPolicy& policy, Episodes& episodes,
                                              std::span<const std::uint64_t> seeds, int observation_size,
                                              ReplayRecorder* recorder) {
  MEDAL_CHECK(seeds.size() == episodes.size());
  const int learners = static_cast<int>(episodes.size()) * kConditions;
  const auto size = static_cast<std::size_t>(observation_size);
  std::vector<float> observations(static_cast<std::size_t>(learners) * size);
  std::vector<Action> actions(static_cast<std::size_t>(learners));
  std::vector<std::uint64_t> learner_seeds;
  for (const std::uint64_t seed : seeds)
    for (std::uint64_t k = 0; k < kConditions; ++k) learner_seeds.push_back(mix_seed(seed, k, 0, kLearnerDomain));
  policy.reset(learner_seeds);
  const auto unfinished = [&] {
    return std::any_of(episodes.begin(), episodes.end(), [](const auto& episode) { return !episode->finished(); });
  };
  std::vector<std::vector<FourScores>> timelines(episodes.size());
  while (unfinished()) {
    std::size_t row = 0;
    for (const auto& episode : episodes)
      for (int k = 0; k < kConditions; ++k, row += size)
        episode->observe(k, std::span(observations).subspan(row, size));
    policy.act(observations, actions);
    std::size_t first = 0;
    for (const auto& episode : episodes) {
      if (!episode->finished()) {
        episode->step(std::span(actions).subspan(first, kConditions));
        if (ends_a_part(*episode)) timelines[first / kConditions].push_back(four_scores(*episode));
      }
      first += kConditions;
    }
    if (recorder) recorder->record(*episodes.front(), std::span(actions).first(kConditions));
  }
  std::vector<TaskScores> scores;
  for (std::size_t i = 0; i < episodes.size(); ++i)
    scores.push_back({four_scores(*episodes[i]), episodes[i]->spec().seed, episodes[i]->spec().parameters.goals,
                      std::move(timelines[i])});
  return scores;
}

}  // namespace medal
