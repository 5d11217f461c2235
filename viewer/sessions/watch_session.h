#pragma once

#include <filesystem>
#include <memory>
#include <vector>

#include "viewer/sessions/game.h"
#include "viewer/sessions/mind/agent_mind.h"
#include "viewer/sessions/pacing.h"
#include "viewer/sessions/session_view.h"

namespace medal {

/// When the learners of a watched game see the expert.
enum class WatchPresence {
  schedule,         ///< each by a draw of its own from the task's schedule
  three_conditions  ///< three learners from one spawn: always, until half-time, never, as evaluation does
};

struct WatchOptions {
  TaskParameters parameters;
  std::uint64_t seed = 1;
  std::shared_ptr<const LoadedAgent>
      agent;  ///< steers all learners, each with a memory of its own; null: they stand still
  bool sample_actions = true;
  int learners = 1;  ///< 1 .. kMaximumLearners; three_conditions has 3
  WatchPresence presence = WatchPresence::schedule;
};

/// A policy with the task's expert, without a person.
class WatchSession {
 public:
  /// Throws UserError where the task has no layout.
  explicit WatchSession(WatchOptions options);
  ~WatchSession();
  WatchSession(WatchSession&&) noexcept;
  WatchSession& operator=(WatchSession&&) noexcept;

  /// Plays the control steps that are due after another `seconds` of real time; returns how many.
  int advance(double seconds);
  Pacing& pacing() { return pacing_; }

  /// Begins another task: other knobs, another seed. Where it has no layout, throws UserError and goes on with the old
  /// one.
  void new_task(const TaskParameters& parameters, std::uint64_t seed);
  /// The expert vanishes for learner `learner`, or returns.
  void toggle_expert(int learner);
  void set_sampling(bool sample);
  /// Half of the cells of the watched learner's memory stand still until the episode is over, or are free again; how
  /// many stand still. 0 where they cannot be chosen (held_cells).
  int hold_cells(CellHold which);
  void watch_learner(int learner);

  bool finished() const;
  /// The game so far, with title and players: save_recording() writes it.
  Replay recording() const;
  const WatchOptions& options() const { return options_; }
  const Episode& episode() const;

  SessionView view() const;

 private:
  struct Play;
  WatchOptions options_;
  std::unique_ptr<Play> play_;
  Pacing pacing_;
  int watched_ = 0;
};

}  // namespace medal
