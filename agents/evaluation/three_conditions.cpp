#include "agents/evaluation/three_conditions.h"

#include <algorithm>

namespace medal {

void play_three_conditions(const BatchPolicy& policy, Episodes& episodes, int observation_size,
                           ReplayRecorder* recorder) {
  const int learners = static_cast<int>(episodes.size()) * kConditions;
  const auto size = static_cast<std::size_t>(observation_size);
  std::vector<float> observations(static_cast<std::size_t>(learners) * size);
  std::vector<Action> actions(static_cast<std::size_t>(learners));
  policy.reset(learners);
  const auto unfinished = [&] {
    return std::any_of(episodes.begin(), episodes.end(), [](const auto& episode) { return !episode->finished(); });
  };
  while (unfinished()) {
    std::size_t row = 0;
    for (const auto& episode : episodes)
      for (int k = 0; k < kConditions; ++k, row += size)
        episode->observe(k, std::span(observations).subspan(row, size));
    policy.act(observations, actions);
    std::size_t first = 0;
    for (const auto& episode : episodes) {
      if (!episode->finished()) episode->step(std::span(actions).subspan(first, kConditions));
      first += kConditions;
    }
    if (recorder) recorder->record(*episodes.front(), std::span(actions).first(kConditions));
  }
}

TaskScores three_scores(const Episode& episode) {
  const auto score = [&](int learner) {
    return static_cast<double>(episode.learner_score(learner).unit_penalty_score);
  };
  return {episode.spec().seed, score(0), score(1), score(2),
          static_cast<double>(episode.expert_score().unit_penalty_score)};
}

}  // namespace medal
