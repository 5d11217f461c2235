#pragma once

#include <cstdint>
#include <nlohmann/json_fwd.hpp>
#include <span>

#include "agents/learner/learner_options.h"
#include "sim/episode/batched_environment.h"

namespace medal {

/// Which learners may not read what an episodic memory wrote down: learner.blind_share of them, evenly spread, until
/// these follow. A learner that remembers what it explored finds out late that following pays; one that cannot has
/// nothing else, and all share their weights. What was seen of the others since ends the prohibition, never the clock:
/// lifted before they follow, they stay explorers (docs/experiments.md).
class BlindLearners {
 public:
  explicit BlindLearners(const LearnerOptions& options) : share_(options.blind_share), until_(options.blind_until) {}

  /// Whether anybody is blind now.
  bool any() const { return share_ > 0 && !followed_; }
  /// Whether they have begun to follow.
  bool followed() const { return followed_; }
  bool is_blind(std::int64_t global_learner) const;
  /// Of finished training episodes, all ranks' in the order of (world, episode).
  void record(std::span<const EpisodeResult> results);
  /// Mean score of the blind ones as a share of their experts', over the last some fifty episodes; 0 before the first.
  double following() const { return expert_ > 0 ? score_ / expert_ : 0; }

  nlohmann::json to_json() const;
  void from_json(const nlohmann::json& source);

 private:
  double share_, until_;
  bool followed_ = false;
  double score_ = 0, expert_ = 0;  ///< decaying sums
  std::int64_t episodes_ = 0;
};

}  // namespace medal
