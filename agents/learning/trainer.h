#pragma once

#include <array>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "agents/learning/checkpoint.h"
#include "agents/learning/communicator.h"
#include "agents/learning/config.h"
#include "agents/learning/evaluation.h"
#include "agents/learning/learner.h"

namespace medal {

/// Means over the training episodes that ended in an iteration, and their learners. Scores are at penalty 1, the reward
/// is at the task's own.
struct EpisodeStatistics {
  std::int64_t episodes = 0;
  double reward = 0, score = 0, expert_score = 0;
  double correct = 0, wrong = 0;
  std::array<std::int64_t, kPresenceNames.size()> learners_by_presence{};
  std::array<double, kPresenceNames.size()> score_by_presence{};
};

/// Wall-clock seconds of one iteration on this rank.
struct PhaseSeconds {
  double simulate = 0, policy = 0, learn = 0, communicate = 0, other = 0;
  StageSeconds stages;  ///< within simulate
};

/// What one iteration reports; the same on every rank but for `phases`.
struct IterationReport {
  std::int64_t iteration = 0;
  std::int64_t steps = 0;       ///< learner steps so far, over all ranks
  double elapsed_seconds = 0;   ///< over all sittings
  double steps_per_second = 0;  ///< of this iteration, over all ranks
  LearnerStatistics learner;
  EpisodeStatistics episodes;
  PhaseSeconds phases;
  TaskParameters parameters;  ///< base parameters with schedules applied
  double adr_entropy = 0;
  std::vector<Adr::Range> adr_ranges;
  std::vector<AdrMove> adr_moves;  ///< made in this iteration
};

enum class StopReason { none, steps, minutes, signal, not_finite };

/// What can be known before the ranks start: throws UserError where the worlds cannot be split over that many ranks, or
/// the device is not there.
void check_trainable(const Config& config, int ranks);

/// Ties curriculum, environment, policy and learner together. One per rank; all ranks call the same functions in step.
class Trainer {
 public:
  Trainer(const Config& config, Communicator& communicator);
  ~Trainer();

  /// One unroll of all learners and one update: collect, learn, record.
  IterationReport iterate();
  /// Agreed by all ranks: whether to stop now. `interrupted` is this rank's own signal flag.
  StopReason should_stop(bool interrupted);

  /// Collective; rank 0 writes.
  void save(const std::filesystem::path& file, const std::string& config_toml, const std::string& program_version);
  /// Goes on exactly where the checkpoint stopped (bit-exactly on one rank). With another number of ranks or other
  /// learner counts the live episodes start afresh.
  void resume(const Checkpoint& checkpoint);

  Network& network();
  const Curriculum& curriculum() const;
  std::int64_t steps() const;
  std::int64_t iteration() const;
  double elapsed_seconds() const;
  /// Hash of parameters and world states, for determinism tests.
  std::uint64_t state_hash();

 private:
  struct Implementation;
  std::unique_ptr<Implementation> implementation_;
};

}  // namespace medal
