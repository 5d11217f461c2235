#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "sim/episode/episode.h"

namespace medal {

struct EnvironmentOptions {
  int learners_per_world = 4;
  int threads = 0;
  std::string expert_agent;
  LidarOptions lidar;
};

template <class Visitor>
void describe(EnvironmentOptions& o, Visitor&& visit) {
  visit(Field{"learners_per_world", "", 1, kMaximumLearners, "Mutually invisible learners that share a world."},
        o.learners_per_world);
  visit(Field{"threads", "", 0, 256, "Simulation threads of each rank. 0: one, or all cores where a GPU learns."},
        o.threads);
  visit(Field{"expert_agent", "", 0, 0,
              "Who plays where task.expert is agent: a checkpoint, run or exported agent, frozen; it acts on what it "
              "senses in the expert's place and sees nobody."},
        o.expert_agent);
}

/// Says what world `world` (global index over all ranks) plays as its `episode`-th episode. Called from several threads
/// at once; must be a pure function of its arguments while a step runs.
using EpisodeSource = std::function<EpisodeSpec(int world, std::int64_t episode)>;

/// A finished episode.
struct EpisodeResult {
  int world = 0;  ///< global index
  std::int64_t episode = 0;
  EpisodeSpec spec;
  PlayerScore expert;
  std::vector<PlayerScore> learners;
  bool task_replaced = false;  ///< the wanted task had no layout: the world's last knobs, or other ones, were played
};

/// When a world whose episode has ended begins the next one.
enum class Autoreset {
  same_step,  ///< at once: the step that ends an episode gives the next one's first observation
  next_step   ///< with the next step, which takes no action there and earns nothing
};

/// Where one step's outputs go: the caller's memory, row i for learner i; N learners, O observation_size(). Learner i
/// lives in local world i / learners_per_world. At an episode's end, by Autoreset::same_step, the row of `observations`
/// already shows the new episode's first observation and `final_observations` holds the old one's last (only rows with
/// truncated or terminated are written); by next_step, `observations` holds the last and nothing else is written.
struct StepOutputs {
  std::span<float> observations;        ///< N x O
  std::span<float> privileged;          ///< N x kPrivilegedSize
  std::span<float> rewards;             ///< N
  std::span<std::uint8_t> terminated;   ///< N; always 0: this game has no terminal states
  std::span<std::uint8_t> truncated;    ///< N
  std::span<float> final_observations;  ///< N x O, may be empty
};

/// What is needed to rebuild one world exactly: its episode and the actions so far.
struct WorldRecord {
  int world = 0;
  std::int64_t episode = 0;
  EpisodeSpec spec;
  std::vector<Action> actions;  ///< step-major: [step][learner]
  std::uint64_t state_hash = 0;
  bool task_replaced = false;  ///< as in EpisodeResult
};

/// Neighbouring learners, by their rows.
struct LearnerRange {
  int first = 0, count = 0;
};

/// M worlds of K learners each, stepped by a crew of threads; results do not depend on their number. Writes
/// observations straight into the caller's memory. The worlds are cut into groups of neighbours that can be stepped at
/// different times: while the actions of one are chosen, the threads step the others.
class BatchedEnvironment {
 public:
  /// Holds the worlds first_world .. first_world + worlds - 1 of the global numbering.
  BatchedEnvironment(const EnvironmentOptions& options, int first_world, int worlds, EpisodeSource source,
                     ExpertFactory experts, Autoreset autoreset = Autoreset::same_step, int groups = 1);
  ~BatchedEnvironment();

  int learners() const;
  int worlds() const;
  int observation_size() const;
  int groups() const;
  /// Whole worlds' learners, groups as equal as can be.
  LearnerRange learners_of(int group) const;

  /// First observations of the running episodes (all fields but rewards and final_observations are written).
  void observe(const StepOutputs& out);
  /// One control step of every world, with automatic reset.
  void step(std::span<const Action> actions, const StepOutputs& out);

  /// The same for the worlds of one group, which must not be at work: of `actions` (of all learners) and `out` only
  /// its learners' rows are touched. Both must stay until the step is finished.
  void begin_step(int group, std::span<const Action> actions, const StepOutputs& out);
  /// Whether all worlds of the group have made the step that was begun.
  bool step_ended(int group) const;
  /// Steps one waiting world of any group on the calling thread; false where none waits.
  bool help();
  /// Helps until the step has ended; throws what one of its worlds threw.
  void finish_step(int group);
  /// Lends the threads: job(0) .. job(jobs - 1), in any order.
  void run_jobs(int jobs, std::function<void(int)> job);

  /// Episodes finished since the last call, in the order of (world, episode).
  std::vector<EpisodeResult> take_results();

  /// Every world begins its `episode`-th episode now; results not yet taken are dropped.
  void restart(std::int64_t episode);

  std::vector<WorldRecord> save() const;
  /// Re-simulates the recorded actions; throws std::runtime_error when a record does not fit or a state hash differs.
  void restore(const std::vector<WorldRecord>& records);

  /// Combined hash of all worlds' states.
  std::uint64_t state_hash() const;
  /// Time split since construction, summed over threads.
  StageSeconds timing() const;
  const Episode& episode(int local_world) const;

 private:
  int first_world_of(int group) const;

  struct Implementation;
  std::unique_ptr<Implementation> implementation_;
};

}  // namespace medal
