#pragma once

#include <memory>
#include <string>
#include <vector>

#include "sim/episode/episode.h"
#include "viewer/drawing/scene/scene.h"
#include "viewer/drawing/scene/scoreboard.h"

namespace medal {

/// What a scene from a timeline shows.
struct TimelineView {
  int learner = 0;  ///< whose visibility of the expert, whose marks at the goals; -1: an onlooker, who sees the expert
                    ///< and its marks
  bool other_learners = true;
  float trail_seconds = 12;
};

/// Writes down who was where and entered what, step by step, and makes scenes of any moment since. Between two control
/// steps avatars are interpolated, so that frames may come at any rate.
class SceneTimeline {
 public:
  explicit SceneTimeline(std::shared_ptr<const Task> task);

  /// The state now: once at the start and after each step.
  void add(const Episode& episode);
  /// Names for tags and scores: the expert's, then the learners'. Default: "expert", "learner" or "learner 1", ...
  void set_names(std::vector<std::string> names) { names_ = std::move(names); }

  /// Last moment known, s since the start.
  float seconds() const;
  /// `seconds` is clamped to what is known. At least one state must have been added.
  Scene scene(float seconds, const TimelineView& view = {}) const;
  Scoreboard scoreboard(float seconds, const TimelineView& view = {}) const;

 private:
  struct Moment {
    std::vector<AvatarState> avatars;  ///< the expert's first
    std::vector<bool> visible;         ///< expert to learner k
    std::vector<float> scores;
  };
  /// Place on the timeline: between `step` and the next one.
  struct Place {
    std::size_t step;
    float share;
  };

  Place locate(float seconds) const;
  void note_entries(std::size_t player, const PlayerScore& score, const AvatarState& avatar, float seconds);
  Trail trail(std::size_t player, const Place& place, float seconds) const;
  std::string name(std::size_t player) const;

  std::shared_ptr<const Task> task_;
  float control_rate_;  ///< Hz
  float duration_ = 0;  ///< s
  std::vector<Moment> moments_;
  std::vector<GoalHistory> histories_;
  std::vector<std::vector<ScoredEntry>> entries_;  ///< of each player, oldest first
  std::vector<std::string> names_;
};

}  // namespace medal
