#pragma once

#include <filesystem>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "agents/recordings/replay.h"
#include "viewer/sessions/mind/agent_mind.h"
#include "viewer/sessions/pacing.h"
#include "viewer/sessions/session_view.h"

namespace medal {

/// A recorded episode. Opening plays it once, checks the hashes of all its states and keeps what is to be shown, so
/// that any step can be shown at once.
class ReplaySession {
 public:
  /// `agent`: its thoughts on what each learner observed are kept too; what it would choose plays no part. It knows the
  /// truth about a recording of its own only. Throws UserError where the replay's task has no layout.
  explicit ReplaySession(Replay replay, std::shared_ptr<const LoadedAgent> agent = nullptr);

  /// The first step after which the states differ from the recorded ones, -1 where all agree. What comes after it is
  /// not shown, and the notice says so.
  int first_difference() const { return first_difference_; }

  /// Steps that can be shown: a clip's beginning .. its end.
  int first_step() const { return replay_.show_from; }
  int last_step() const { return timeline_->last_step(); }
  int step() const { return step_; }
  /// Goes to a step, clamped to what can be shown.
  void seek(int step);
  /// Since the first step that can be shown.
  double seconds() const { return (step_ - first_step()) / pacing_.control_rate(); }
  double total_seconds() const { return (last_step() - first_step()) / pacing_.control_rate(); }
  /// To the step that is nearest.
  void seek_seconds(double seconds);

  /// Moves on by the control steps that are due after another `seconds` of real time; returns how many.
  int advance(double seconds);
  Pacing& pacing() { return pacing_; }
  bool finished() const { return step_ >= last_step(); }
  void watch_learner(int learner);

  const Replay& replay() const { return replay_; }
  SessionView view() const;

  /// What happened in all steps up to last_step(), and who played it.
  const Timeline& timeline() const { return *timeline_; }
  const Cast& cast() const { return views_->cast(); }
  /// What the agent makes of each step 0 .. last_step() in a learner's place; empty where there is no agent.
  std::span<const std::shared_ptr<const AgentThought>> thoughts(int learner) const {
    if (thoughts_.empty()) return {};
    return thoughts_[static_cast<std::size_t>(learner)];
  }

 private:
  Replay replay_;
  std::optional<Timeline> timeline_;
  std::optional<ViewMaker> views_;
  std::vector<std::vector<std::shared_ptr<const AgentThought>>> thoughts_;  ///< [learner][step], or none
  Pacing pacing_;
  int first_difference_ = -1;
  int step_ = 0;
  int watched_ = 0;
};

/// Two replays side by side on one clock: both are where the clock stands in seconds after the clip's beginning, or at
/// their ends.
class ReplayComparison {
 public:
  ReplayComparison(ReplaySession left, ReplaySession right);

  void seek_seconds(double seconds);
  double seconds() const { return static_cast<double>(tick_) / clock_.control_rate(); }
  double total_seconds() const;
  void advance(double seconds);
  Pacing& pacing() { return clock_; }
  bool finished() const { return seconds() >= total_seconds(); }

  ReplaySession& left() { return left_; }
  ReplaySession& right() { return right_; }
  SessionView left_view() const { return shared(left_); }
  SessionView right_view() const { return shared(right_); }

 private:
  SessionView shared(const ReplaySession& side) const;
  void place();

  ReplaySession left_, right_;
  Pacing clock_;  ///< at the higher control rate of the two
  int tick_ = 0;
};

}  // namespace medal
