#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "agents/recordings/recorded_rays.h"
#include "sim/episode/batched_environment.h"
#include "sim/episode/episode.h"

namespace medal {

/// Of the file. 2 added toggles, players and show_from; files of version 1 are read as having none of them. 3 names the
/// components of the actions and the choices of the knobs, where files before it hold their order alone. A knob or a
/// component more is no new version: it names itself, and has its value of that time where a file lacks it.
inline constexpr int kReplayVersion = 3;
inline constexpr const char* kReplayExtension = ".replay";
/// How every such file begins.
inline constexpr std::string_view kReplayBegin = "MEDALREP";

/// Dropout by hand: before control step `step`, the expert became visible or invisible to a learner, whose timeline
/// counts no more from there on.
struct VisibilityToggle {
  int step = 0;
  int learner = 0;
  bool visible = true;
  bool operator==(const VisibilityToggle&) const = default;
};

/// One recorded episode: what it was, what everybody did, and hashes that prove that playing it again gives the same.
struct Replay {
  std::string program_version;               ///< that recorded it
  std::string title;                         ///< for people, such as "quick after 12.0 M steps"
  std::string config_toml;                   ///< the run's, empty where there is none
  std::string expert_player;                 ///< who steered, such as "person"; empty where unknown
  std::vector<std::string> learner_players;  ///< [learner], or none
  int show_from = 0;                         ///< a clip begins here; what comes before only leads up to it
  EpisodeSpec spec;
  std::vector<VisibilityToggle> toggles;  ///< ascending steps
  std::vector<Action> expert_actions;     ///< [step]
  std::vector<Action> learner_actions;    ///< [step][learner]
  std::vector<std::uint64_t> hashes;      ///< state_hash() after each step
  std::optional<RecordedRays> rays;       ///< older files have none

  int steps() const { return static_cast<int>(expert_actions.size()); }
};

/// Writes an episode down while it is played.
class ReplayRecorder {
 public:
  explicit ReplayRecorder(const EpisodeSpec& spec) : overrides_(spec.presence.size()) { replay_.spec = spec; }
  /// After each step. Notices dropout by hand by itself.
  void record(const Episode& episode, std::span<const Action> learner_actions);
  const Replay& replay() const { return replay_; }

 private:
  void record_rays(const Episode& episode);

  Replay replay_;
  std::vector<std::optional<bool>> overrides_;  ///< [learner], at the last step
};

/// File: magic "MEDALREP", CBOR of the fields compressed by zstd, then the xxHash of all before. Written atomically.
void save_replay(const std::filesystem::path& file, const Replay& replay);
/// Throws UserError naming the file and the mend where it is missing, truncated, foreign, or of a program that knew
/// more than this one.
Replay load_replay(const std::filesystem::path& file);

/// What happens in the control steps begin .. end - 1: those before `begin` are kept, since a state can only be reached
/// by playing up to it, but marked as not to be shown; those from `end` on are dropped. Throws UserError unless
/// 0 <= begin < end <= steps().
Replay cut_clip(const Replay& replay, int begin, int end);

/// Plays it again without drawing and shows `watch` the state at the start and after each step, as each learner saw it
/// when it chose the next action, as long as it is the recorded one. Returns the first step after which the states
/// differ, -1 where all agree.
int play_again(const Replay& replay, const std::function<void(const Episode&)>& watch);
/// The same, with observations by `lidar`.
int play_again(const Replay& replay, const LidarOptions& lidar, const std::function<void(const Episode&)>& watch);

/// What comes out otherwise than it was recorded.
struct ReplayDifferences {
  int state = -1;                    ///< the first step after which the states differ; -1 where all agree
  std::optional<RayDifference> ray;  ///< the first recorded one that met something else, while the states agree
};
/// Plays it again, once.
ReplayDifferences find_differences(const Replay& replay);

}  // namespace medal
