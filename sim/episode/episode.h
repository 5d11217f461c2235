#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <vector>

#include "sim/episode/observation.h"
#include "sim/episode/player.h"
#include "sim/episode/presence_timeline.h"
#include "sim/episode/privileged.h"
#include "sim/lidar/lidar.h"
#include "sim/physics/physics_world.h"

namespace medal {

/// All that decides an episode besides the actions. Plain data; checkpoints and replays store it.
struct EpisodeSpec {
  TaskParameters parameters;
  std::uint64_t seed = 0;
  std::uint64_t geometry_seed = 0;
  std::vector<PresenceTimeline> presence;  ///< one for each learner
  bool common_spawn = false;               ///< all learners start where learner 0 does
  int steps = 0;                           ///< control steps until truncation
  std::int64_t tag = 0;                    ///< whatever the giver of episodes wants to know again in the result
};

/// What the expert and each learner have earned, and how.
struct PlayerScore {
  float reward = 0.0F;              ///< sum with the task's penalty
  float unit_penalty_score = 0.0F;  ///< paid entries minus wrong entries: the score at penalty 1
  GoalHistory history;
};

/// Time spent in the stages of stepping, in seconds.
struct StageSeconds {
  double bot = 0, physics = 0, reward = 0, lidar = 0, observation = 0, generation = 0;

  /// Adds `share` times the other's times.
  void add(const StageSeconds& other, double share = 1) {
    bot += share * other.bot;
    physics += share * other.physics;
    reward += share * other.reward;
    lidar += share * other.lidar;
    observation += share * other.observation;
    generation += share * other.generation;
  }
};

/// The mutable state of one world: avatar 0 is the expert, avatars 1..K are the learners.
class Episode {
 public:
  /// `expert` may be null: avatar 0 stays where it is then, unless step_with_expert steers it. It is never visible
  /// where the task's expert is `absent`.
  Episode(const EpisodeSpec& spec, std::shared_ptr<const Task> task, std::unique_ptr<Player> expert,
          const LidarCaster& lidar);

  int learners() const { return static_cast<int>(spec_.presence.size()); }
  const EpisodeSpec& spec() const { return spec_; }
  const Task& task() const { return *task_; }
  int step_count() const { return step_; }
  bool finished() const { return step_ >= spec_.steps; }

  /// One control step: expert acts, physics substeps with entry tests, rewards. No allocation in steady state.
  void step(std::span<const Action> learner_actions, StageSeconds* timing = nullptr);
  /// As `step`, but with the expert's action given too (human or replayed expert).
  void step_with_expert(const Action& expert_action, std::span<const Action> learner_actions,
                        StageSeconds* timing = nullptr);

  /// Observation of learner k (0-based) now; `out` has observation_size() elements.
  void observe(int learner, std::span<float> out, StageSeconds* timing = nullptr) const;
  void observe_privileged(int learner, std::span<float> out) const;
  /// What the rays of learner k meet now, as it observes it; `hits` has lidar().rays() elements.
  void cast_rays(int learner, std::span<RayHit> hits) const;
  const LidarOptions& lidar() const { return lidar_->options(); }
  /// Whether learner k sees the expert now, or whoever demonstrates in its place.
  bool expert_visible(int learner) const;
  /// Whom learner k sees in the expert's place from now on: an avatar's number, at first 0, the expert's.
  void set_demonstrator(int learner, int avatar);
  /// Overrides the timeline of learner k from now on (dropout by hand in the viewer).
  void set_expert_visible(int learner, bool visible);
  /// What set_expert_visible said last; empty while the timeline holds.
  std::optional<bool> visibility_override(int learner) const {
    return visibility_override_[static_cast<std::size_t>(learner)];
  }

  float last_reward(int learner) const { return rewards_[static_cast<std::size_t>(learner) + 1]; }
  const PlayerScore& learner_score(int learner) const { return scores_[static_cast<std::size_t>(learner) + 1]; }
  const PlayerScore& expert_score() const { return scores_[0]; }
  const AvatarState& learner_avatar(int learner) const { return avatars_[static_cast<std::size_t>(learner) + 1]; }
  const AvatarState& expert_avatar() const { return avatars_[0]; }
  /// Last actions (for recordings).
  const Action& expert_action() const { return actions_[0]; }
  const Action& learner_action(int learner) const { return actions_[static_cast<std::size_t>(learner) + 1]; }

  /// Hash of everything that decides the future besides the actions; LIDAR left out.
  std::uint64_t state_hash() const;

 private:
  void simulate(StageSeconds* timing);
  void test_entries();

  EpisodeSpec spec_;
  std::shared_ptr<const Task> task_;
  std::unique_ptr<Player> expert_;
  const LidarCaster* lidar_;
  LidarScene scene_;
  PhysicsWorld physics_;
  int step_ = 0;
  std::vector<AvatarState> avatars_;
  std::vector<Action> actions_;
  std::vector<float> rewards_;
  std::vector<PlayerScore> scores_;
  std::vector<GoalSet> inside_goals_;  ///< those that the avatar touches
  std::vector<std::optional<bool>> visibility_override_;
  std::vector<std::size_t> demonstrators_;  ///< [learner]
  mutable std::vector<RayHit> hits_;
};

}  // namespace medal
