#pragma once

#include <memory>
#include <vector>

#include "agents/recordings/goal_entries.h"
#include "sim/episode/episode.h"

namespace medal {

/// One avatar after some control step.
struct AvatarMoment {
  AvatarState state;
  PlayerScore score;
  bool sees_expert = false;  ///< learners only
};

/// An entry into a goal, and whose: avatar 0 is the expert, 1 + k learner k.
struct AvatarEntry {
  int avatar = 0;
  GoalEntry entry;
  bool operator==(const AvatarEntry&) const = default;
};

/// All that has happened in an episode so far, kept in memory: physics cannot be taken back, so what is to be shown
/// again is kept.
class Timeline {
 public:
  explicit Timeline(std::shared_ptr<const Task> task) : task_(std::move(task)) {}

  /// At the start and after each control step.
  void add(const Episode& episode);
  /// Takes up what was made visible or invisible since the last `add`.
  void update_visibility(const Episode& episode);

  const std::shared_ptr<const Task>& task() const { return task_; }
  /// Control steps that can be shown: 0 .. last_step(). Needs one `add`.
  int last_step() const { return static_cast<int>(moments_.size()) - 1; }
  int avatars() const { return static_cast<int>(moments_.front().size()); }
  const AvatarMoment& at(int step, int avatar) const {
    return moments_[static_cast<std::size_t>(step)][static_cast<std::size_t>(avatar)];
  }
  /// Ascending steps.
  const std::vector<AvatarEntry>& entries() const { return entries_; }

 private:
  std::shared_ptr<const Task> task_;
  std::vector<std::vector<AvatarMoment>> moments_;  ///< [step][avatar]
  std::vector<AvatarEntry> entries_;
};

}  // namespace medal
