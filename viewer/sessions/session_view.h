#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "sim/lidar/lidar.h"
#include "viewer/sessions/mind/agent_knowledge.h"
#include "viewer/sessions/pacing.h"
#include "viewer/sessions/timeline.h"

namespace medal {

/// One avatar as it is to be drawn.
struct AvatarView {
  bool is_expert = false;
  std::string name;     ///< for its tag: "you", "perfect", an agent's title ...
  bool present = true;  ///< false: nobody steers it, and it is not to be drawn
  /// Expert: whether the watched learner sees it now (an onlooker always does). To a person who is that learner it must
  /// not be drawn otherwise.
  /// Learner: whether it sees the expert now.
  bool seen = true;
  AvatarState previous, state;  ///< before and after the last control step
  float score = 0.0F;           ///< at penalty 1
  std::vector<Vec3> trail;      ///< feet (m) over the last kTrailSteps control steps, oldest first, up to `state`
};
inline constexpr int kTrailSteps = 300;

struct EntryCount {
  int right = 0, wrong = 0;
};

/// What a learner has entered in the game so far, by whether it saw the expert then, and how long it did and did not.
struct GameHalves {
  EntryCount with_expert, without_expert;
  double seconds_with = 0, seconds_without = 0;
};

/// What a learner's LIDAR meets. Ray r points along ray_direction(options, r, yaw).
struct LidarView {
  LidarOptions options;
  Vec3 eye = Vec3::Zero();  ///< m
  float yaw = 0.0F;         ///< rad
  std::vector<RayHit> hits;
};

/// All that a session shows in one frame; plain data that changes with nothing.
struct SessionView {
  /// Of a person who is the learner, the task's order is empty: what is not there cannot be shown.
  std::shared_ptr<const Task> task;
  int step = 0, steps = 0;                    ///< control steps: shown now, of the whole episode or recording
  float share = 1.0F;                         ///< draw avatars at between(previous, state, share)
  double seconds = 0.0, total_seconds = 0.0;  ///< of the episode
  bool finished = false, paused = false;
  double speed = 1.0;
  int person = -1;                   ///< avatar that a person steers, -1 for none
  int watched_learner = 0;           ///< whose view, LIDAR and knowledge are shown; -1 for an onlooker's
  std::vector<AvatarView> avatars;   ///< 0 is the expert, 1 + k learner k
  std::vector<AvatarEntry> entries;  ///< paid or punished, until now, oldest first
  /// What the watched learner has entered since it saw the expert last; none while it sees it, or never has.
  std::optional<EntryCount> alone;
  std::optional<GameHalves> halves;  ///< of the learner, where a person's game is over
  LidarView lidar;
  std::optional<AgentKnowledge> knowledge;  ///< of the watched learner, where an agent steers it
  std::vector<std::string> notice;          ///< lines for the person; none where there is nothing to say
};

/// Of one learner, over the whole timeline. An entry is made in sight of the expert if the step before it was.
GameHalves halves_of(const Timeline& timeline, int learner);

/// On the way from one state to the next: place, velocity and heading (the short way round) by the share of it, posture
/// and all else as the nearer one has them.
AvatarState between(const AvatarState& from, const AvatarState& to, float share);

/// Fills in what a session's clock says. A session that is finished shows its last state.
void show_clock(SessionView& view, const Pacing& pacing, int steps, bool finished);

/// Name of an avatar that nobody steers, in recordings too.
inline constexpr const char* kNobody = "nobody";
/// Steps of what an agent knows that are kept for showing.
inline constexpr int kHistorySteps = 600;

/// Who steers the avatars: names beside the expert and each learner, and who is not there.
struct Cast {
  std::vector<std::string> names;  ///< [avatar]
  std::vector<bool> present;       ///< [avatar]
  int person = -1;                 ///< avatar, -1 for none
  bool order_shown = true;
};

/// Makes views of one timeline.
class ViewMaker {
 public:
  ViewMaker(std::shared_ptr<const Task> task, Cast cast, const LidarOptions& lidar);

  /// Everything that depends on the step alone; pacing, knowledge and notice are left for the session to fill. To an
  /// onlooker (watched_learner -1) the expert is seen, and no rays are cast.
  SessionView view(const Timeline& timeline, int step, int watched_learner) const;
  const Cast& cast() const { return cast_; }

 private:
  void cast_rays(SessionView& view) const;

  std::shared_ptr<const Task> task_;        ///< what rays meet
  std::shared_ptr<const Task> shown_task_;  ///< perhaps without the order
  Cast cast_;
  LidarCaster caster_;
  LidarScene scene_;
};

}  // namespace medal
