#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <vector>

#include "agents/navigation/navmesh_cache.h"
#include "agents/recordings/replay.h"
#include "experiments/config/config.h"
#include "sim/episode/batched_environment.h"
#include "sim/episode/expert_senses.h"

namespace medal {

/// What the worlds of an environment are.
struct WorldsOptions {
  Config config;  ///< worlds: run.learners / environment.learners_per_world; seeded by reset()
  Autoreset autoreset = Autoreset::next_step;
  /// When each learner of a world sees the expert; empty: as the curriculum draws it.
  std::vector<PresenceKind> presence;
  ExpertFactory expert;                     ///< null: whom the task names
  std::shared_ptr<const Replay> recording;  ///< all worlds play its episode, with its expert; null for none
  bool commanded = false;                   ///< the expert's action is given with each step; one world
};

/// What a step leaves, row i of learner i; N learners, O observation_size().
struct WorldsRows {
  std::vector<float> observations, final_observations;  ///< [N, O]; see StepOutputs
  std::vector<float> privileged;                        ///< [N, kPrivilegedSize]
  std::vector<float> rewards;                           ///< [N]
  std::vector<std::uint8_t> terminated, truncated;      ///< [N]
  /// Of the episodes that the step ended (truncated is 1): sum of rewards, scores at penalty 1, control steps. [N]
  std::vector<float> episode_return, episode_score, expert_score;
  std::vector<std::int32_t> episode_length;
  std::vector<float> expert_observation;  ///< [O] of a commanded expert
  float expert_reward = 0.0F;
};

/// The worlds that `medal train` would step on one rank, for somebody else to learn in: the curriculum goes on with the
/// learner steps that were taken, and ADR learns from the episodes. They exist from the first reset() on. For one
/// thread at a time; in a forked process only where they have one thread.
class Worlds {
 public:
  /// Throws UserError where the options contradict each other.
  explicit Worlds(WorldsOptions options);
  ~Worlds();
  Worlds(const Worlds&) = delete;
  Worlds& operator=(const Worlds&) = delete;

  int learners() const { return options_.config.run.learners; }
  int worlds() const { return learners() / options_.config.environment.learners_per_world; }
  int observation_size() const { return medal::observation_size(options_.config.environment.lidar); }
  const Config& config() const { return options_.config; }

  /// Every world begins a new episode: with a seed the first ones that follow from it, without one those that come
  /// next. Throws UserError where a task has no layout, and what an own expert throws.
  void reset(std::optional<std::uint64_t> seed);
  /// One control step of all worlds; whether an episode ended. Throws UserError before reset(), and what an own expert
  /// throws; then reset() must follow. `expert_action` is read where it is commanded.
  bool step(std::span<const Action> actions, const Action& expert_action = {});

  /// Frees the worlds; the rows stay.
  void close();

  WorldsRows& rows() { return rows_; }
  /// Learner steps since the last seeded reset(): what schedules follow.
  std::int64_t training_steps() const;
  /// Says that learners follow (Curriculum::note_following).
  void note_following();
  /// Of a world; valid until the next step or reset. Throws UserError before reset().
  const Episode& episode(int world) const;
  /// Hash of all worlds' states. Throws UserError before reset().
  std::uint64_t state_hash() const;

 private:
  bool lost_its_threads() const;
  void check_process() const;
  void check_begun() const;
  void begin(std::uint64_t seed);
  EpisodeSpec next_spec(int world, std::int64_t episode) const;
  std::unique_ptr<Player> make_player(const Task& task, std::uint64_t seed);
  StepOutputs outputs();
  void note_results();
  void observe_commanded();

  WorldsOptions options_;
  std::int64_t owner_;  ///< the process that made it
  std::uint64_t seed_ = 0;
  std::int64_t resets_ = 0, steps_ = 0;
  bool whole_ = false;  ///< begun, and every world at the same step
  Curriculum curriculum_;
  NavmeshCache navmeshes_;
  ExpertFactory expert_agents_;  ///< those of kind `agent`
  Action expert_action_;
  LidarCaster lidar_;
  std::unique_ptr<ExpertSenses> expert_senses_;
  WorldsRows rows_;
  std::unique_ptr<BatchedEnvironment> environment_;
};

}  // namespace medal
