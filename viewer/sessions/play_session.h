#pragma once

#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <vector>

#include "viewer/sessions/game.h"
#include "viewer/sessions/mind/agent_mind.h"
#include "viewer/sessions/pacing.h"
#include "viewer/sessions/session_view.h"

namespace medal {

enum class PersonRole { expert, learner };
/// Who plays beside the person: an agent learns from a person who is the expert, a bot is the expert of one who learns.
enum class OtherSide { agent, expert_bot, nobody };

struct PlayOptions {
  TaskParameters parameters;
  std::uint64_t seed = 1;
  PersonRole person = PersonRole::expert;
  OtherSide other = OtherSide::nobody;
  std::shared_ptr<const LoadedAgent> agent;         ///< for OtherSide::agent
  bool sample_actions = true;                       ///< of the agent
  std::filesystem::path recordings = "recordings";  ///< folder
};

/// A person plays one episode. As the expert, the person sees the order; the agent, where there is one, sees the person
/// until toggle_expert(). As the learner, the person sees no order, and the bot when the task's presence schedule says
/// so. The game is written to a file when it ends, when finish() is called, and when the session is destroyed.
class PlaySession {
 public:
  /// Throws UserError where the two sides do not fit (a bot as the learner, an agent as the expert, no agent given) or
  /// the task has no layout.
  explicit PlaySession(PlayOptions options);
  ~PlaySession();
  PlaySession(const PlaySession&) = delete;

  /// What the person does in control step `step`; asked once for each.
  using Person = std::function<Action(int step)>;
  /// Plays the control steps that are due after another `seconds` of real time; returns how many. Throws UserError
  /// where the recording cannot be written.
  int advance(double seconds, const Person& person);
  Pacing& pacing() { return pacing_; }

  /// The expert vanishes for the learner, or returns; counts from the next observation on.
  void toggle_expert();
  /// Ends the game and writes the recording, unless that is done or nothing was played. Throws UserError.
  void finish();

  bool finished() const { return ended_ || game_.episode().finished(); }
  /// Where the game was written to; empty until then.
  const std::filesystem::path& recording_file() const { return recording_file_; }
  /// The game so far, with title and players.
  Replay recording() const;
  const PlayOptions& options() const { return options_; }
  const Episode& episode() const { return game_.episode(); }

  SessionView view() const;

 private:
  void step(const Action& person);

  PlayOptions options_;
  std::optional<AgentMind> mind_;
  Game game_;
  Pacing pacing_;
  ViewMaker views_;
  bool ended_ = false;
  std::filesystem::path recording_file_;
};

}  // namespace medal
