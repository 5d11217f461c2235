#pragma once

#include <filesystem>
#include <functional>
#include <memory>
#include <span>

#include "agents/recordings/replay.h"
#include "viewer/sessions/timeline.h"

namespace medal {

/// One episode that is being played, remembered and written down.
class Game {
 public:
  /// `bot_expert`: the task's bot steers the expert (drawn from the spec's seed), else `step` is told what it does.
  /// Throws UserError where the spec has no layout.
  Game(const EpisodeSpec& spec, bool bot_expert, const LidarOptions& lidar);
  Game(const Game&) = delete;

  /// One control step.
  void step(std::span<const Action> learners);
  void step(const Action& expert, std::span<const Action> learners);
  /// Dropout by hand, from now on; written down with the next step.
  void set_expert_visible(int learner, bool visible);

  const Episode& episode() const { return episode_; }
  const Timeline& timeline() const { return timeline_; }
  /// What has happened so far; without title and players.
  const Replay& recording() const { return recorder_.replay(); }

 private:
  void remember(std::span<const Action> learners);

  std::shared_ptr<const Task> task_;
  LidarCaster lidar_;
  Episode episode_;
  Timeline timeline_;
  ReplayRecorder recorder_;
};

/// Writes a recording to FOLDER/STEM.replay, or to the first of STEM-2, STEM-3 ... that is free: no other program gets
/// the same. Makes the folder where it is missing. Returns the file. Throws UserError.
std::filesystem::path save_recording(const std::filesystem::path& folder, const std::string& stem,
                                     const Replay& recording);

}  // namespace medal
