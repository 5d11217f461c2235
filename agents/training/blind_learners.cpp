#include "agents/training/blind_learners.h"

#include <cmath>
#include <nlohmann/json.hpp>

#include "curriculum/episode_tag.h"

namespace medal {
namespace {

constexpr double kDecay = 0.98;              // for each episode
constexpr std::int64_t kLeastEpisodes = 50;  // before a mean is believed

}  // namespace

bool BlindLearners::is_blind(std::int64_t global_learner) const {
  const auto count = [this](std::int64_t learners) { return std::floor(share_ * static_cast<double>(learners)); };
  return any() && count(global_learner + 1) > count(global_learner);
}

void BlindLearners::record(std::span<const EpisodeResult> results) {
  for (const EpisodeResult& result : results) {
    // Whom to follow pays: else there is nothing to be seen of it.
    if (!any() || !unpack_tag(result.spec.tag).counts || result.spec.parameters.expert != ExpertKind::perfect) continue;
    const auto count = static_cast<std::int64_t>(result.learners.size());
    score_ *= kDecay, expert_ *= kDecay;
    for (std::int64_t k = 0; k < count; ++k) {
      const PlayerScore& learner = result.learners[static_cast<std::size_t>(k)];
      if (!is_blind(result.world * count + k)) continue;
      score_ += static_cast<double>(learner.unit_penalty_score);
      expert_ += static_cast<double>(result.expert.unit_penalty_score);
    }
    if (++episodes_ >= kLeastEpisodes && following() >= until_) followed_ = true;
  }
}

nlohmann::json BlindLearners::to_json() const {
  return {{"followed", followed_}, {"score", score_}, {"expert", expert_}, {"episodes", episodes_}};
}

void BlindLearners::from_json(const nlohmann::json& source) {
  followed_ = source.at("followed");
  score_ = source.at("score");
  expert_ = source.at("expert");
  episodes_ = source.at("episodes");
}

}  // namespace medal
