#include "agents/training/episode_metrics.h"

#include "curriculum/episode_tag.h"

namespace medal {
namespace {

void add_learner(NamedMeans& means, const PlayerScore& score, PresenceKind kind) {
  means.add("score/all", score.unit_penalty_score);
  means.add("score/" + std::string(name_of(kind)), score.unit_penalty_score);
  means.add("reward", score.reward);  // at the task's own penalty
  means.add("correct", score.history.correct);
  means.add("wrong", score.history.wrong);
}

}  // namespace

NamedMeans episode_metrics(std::span<const EpisodeResult> results) {
  NamedMeans means;
  for (const EpisodeResult& result : results) {
    if (!unpack_tag(result.spec.tag).counts) continue;
    for (std::size_t k = 0; k < result.learners.size(); ++k)
      add_learner(means, result.learners[k], result.spec.presence[k].kind);
    means.add("score/expert", result.expert.unit_penalty_score);
    means.add("task_replaced", result.task_replaced ? 1 : 0);
  }
  return means;
}

}  // namespace medal
