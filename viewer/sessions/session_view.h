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
  /// Expert: whether the watched learner sees it now. To a person who is that learner it must not be drawn otherwise.
  /// Learner: whether it sees the expert now.
  bool seen = true;
  AvatarState previous, state;  ///< before and after the last control step
  Action action;                ///< the one that led here
  float score = 0.0F;           ///< at penalty 1
  float reward = 0.0F;          ///< with the task's penalty
  int correct = 0, wrong = 0;   ///< entries
  std::vector<int> last_goals;  ///< paid or punished entries, newest first, at most kLastGoals
  std::vector<Vec3> trail;      ///< feet (m) over the last kTrailSteps control steps, oldest first, up to `state`
};
inline constexpr std::size_t kLastGoals = 8;
inline constexpr int kTrailSteps = 300;

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
  int watched_learner = 0;           ///< whose view, LIDAR and knowledge are shown
  std::vector<AvatarView> avatars;   ///< 0 is the expert, 1 + k learner k
  std::vector<AvatarEntry> entries;  ///< paid or punished, until now, oldest first
  LidarView lidar;
  std::optional<AgentKnowledge> knowledge;  ///< of the watched learner, where an agent steers it
  std::string notice;                       ///< for the person; empty for none
};

/// Position and heading on the way from one state to the next, the short way round; all else is `to`'s.
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

  /// Everything that depends on the step alone; pacing, knowledge and notice are left for the session to fill.
  SessionView view(const Timeline& timeline, int step, int watched_learner) const;

 private:
  std::shared_ptr<const Task> task_;        ///< what rays meet
  std::shared_ptr<const Task> shown_task_;  ///< perhaps without the order
  Cast cast_;
  LidarCaster caster_;
  LidarScene scene_;
};

}  // namespace medal
