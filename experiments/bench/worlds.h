#pragma once

#include <memory>
#include <vector>

#include "agents/navigation/navmesh_cache.h"
#include "experiments/config/config.h"
#include "sim/episode/batched_environment.h"

namespace medal {

/// The worlds that `medal train` would step with this config on one rank, driven by learners that act at random as an
/// untrained policy does: often forward, seldom a jump.
class BenchWorlds {
 public:
  explicit BenchWorlds(const Config& config);

  int learners() const { return environment_.learners(); }
  const BatchedEnvironment& environment() const { return environment_; }
  /// One control step of all worlds; `out` may be the worlds' own rows.
  void step(const StepOutputs& out);
  void step() { step(own_); }
  /// Steps until learners and experts are all over their worlds.
  void spread();
  /// The worlds' own rows, as the last step() left them: [learner][observation].
  std::span<const float> observations() const { return observations_; }

 private:
  Curriculum curriculum_;
  NavmeshCache navmeshes_;
  BatchedEnvironment environment_;
  std::vector<float> observations_, privileged_, rewards_, final_observations_;
  std::vector<std::uint8_t> terminated_, truncated_;
  StepOutputs own_;
  std::vector<Action> table_;  ///< drawn once, so that drawing costs nothing while measured
  std::size_t next_ = 0;
};

/// How many steps BenchWorlds::spread makes.
inline constexpr std::size_t kSpreadSteps = 100;

/// Actions of an untrained policy.
std::vector<Action> random_actions(std::size_t count, std::uint64_t seed);

}  // namespace medal
