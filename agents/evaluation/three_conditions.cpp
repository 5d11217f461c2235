#include "agents/evaluation/three_conditions.h"

#include <utility>

namespace medal {
namespace {

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
  std::vector<std::vector<FourScores>> timelines(episodes.size());
  play_episodes(agent_seats(policy, observation_size), episodes, seeds,
                [&](std::size_t i, const Episode& episode, std::span<const Action> actions) {
                  if (ends_a_part(episode)) timelines[i].push_back(four_scores(episode));
                  if (recorder && i == 0) recorder->record(episode, actions);
                });
  std::vector<TaskScores> scores;
  for (std::size_t i = 0; i < episodes.size(); ++i)
    scores.push_back({four_scores(*episodes[i]), episodes[i]->spec().seed, episodes[i]->spec().parameters.goals,
                      std::move(timelines[i])});
  return scores;
}

}  // namespace medal
