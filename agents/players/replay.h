#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <string>
#include <vector>

#include "sim/batched_environment.h"
#include "sim/episode.h"

namespace medal {

inline constexpr int kReplayVersion = 1;

/// One recorded episode: what it was, what everybody did, and hashes that prove that playing it again gives the same.
struct Replay {
  std::string program_version;
  std::string title;        ///< for people, such as "quick after 12.0 M steps"
  std::string config_toml;  ///< the run's, empty where there is none
  EpisodeSpec spec;
  std::vector<Action> expert_actions;   ///< [step]
  std::vector<Action> learner_actions;  ///< [step][learner]
  std::vector<std::uint64_t> hashes;    ///< state_hash() after each step

  int steps() const { return static_cast<int>(expert_actions.size()); }
};

/// Writes an episode down while it is played.
class ReplayRecorder {
 public:
  explicit ReplayRecorder(const EpisodeSpec& spec) { replay_.spec = spec; }
  /// After each step.
  void record(const Episode& episode, std::span<const Action> learner_actions);
  const Replay& replay() const { return replay_; }

 private:
  Replay replay_;
};

/// File: magic "MEDALREP", CBOR of the fields compressed by zstd, then the xxHash of all before. Written atomically.
void save_replay(const std::filesystem::path& file, const Replay& replay);
/// Throws UserError naming the file and the mend where it is missing, truncated, foreign or of another version.
Replay load_replay(const std::filesystem::path& file);

/// Plays it again without drawing and shows `watch` the state at the start and after each step, as long as it is the
/// recorded one. Returns the first step after which the states differ, -1 where all agree.
int play_again(const Replay& replay, const std::function<void(const Episode&)>& watch);
int first_difference(const Replay& replay);

}  // namespace medal
