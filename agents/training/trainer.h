#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>

#include "agents/checkpoint/checkpoint.h"
#include "agents/navigation/navmesh_cache.h"
#include "agents/ranks/communicator.h"
#include "agents/training/iteration_result.h"
#include "agents/training/training_config.h"

namespace medal {

class Network;

enum class StopReason { none, steps, minutes, signal, not_finite };

/// Ties curriculum, environment, policy and learner together. One per rank; all ranks call the same functions in step.
class Trainer {
 public:
  /// All ranks begin with the parameters of rank 0's `initial_agent`, random ones where it is null; the other ranks'
  /// plays no part. `expert_agents` makes the experts of kind `agent`. Throws UserError where network or observations
  /// have other sizes than the agent's.
  Trainer(const TrainingConfig& config, Communicator& communicator, const Checkpoint* initial_agent = nullptr,
          ExpertFactory expert_agents = nullptr);
  ~Trainer();

  /// One unroll of all learners and one update: collect, learn, record.
  IterationResult iterate();
  /// Agreed by all ranks: whether to stop now. `interrupted` is this rank's own signal flag.
  StopReason should_stop(bool interrupted);

  /// Collective; rank 0 writes.
  void save(const std::filesystem::path& file, const std::string& config_toml, const std::string& program_version);
  /// By one rank alone, whatever the others do: what all have in common, parameters, optimiser and curriculum.
  void save_without_episodes(const std::filesystem::path& file, const std::string& config_toml,
                             const std::string& program_version);
  /// Goes on exactly where the checkpoint stopped (bit-exactly on one rank). With another number of ranks, other
  /// learner counts, or a simulator that comes out different, new episodes start on this rank, and why is returned.
  /// Throws UserError where the checkpoint holds an agent alone.
  std::optional<std::string> resume(const Checkpoint& checkpoint);

  std::shared_ptr<Network> network();
  /// The same, or a copy of what a GPU has learnt: few learners act faster there.
  std::shared_ptr<const Network> network_on_cpu();
  const Curriculum& curriculum() const;
  /// The walkable ground that this rank's experts find their ways on.
  const NavmeshCache& navmeshes() const;
  std::int64_t steps() const;
  std::int64_t iteration() const;
  double elapsed_seconds() const;
  /// False once a loss or gradient was not finite: what is learnt then is lost.
  bool is_finite() const;
  /// Hash of parameters and world states, for determinism tests.
  std::uint64_t state_hash();

 private:
  struct Implementation;
  std::unique_ptr<Implementation> implementation_;
};

}  // namespace medal
