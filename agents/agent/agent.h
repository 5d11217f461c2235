#pragma once

#include <array>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <span>
#include <vector>

#include "agents/checkpoint/observation_record.h"
#include "agents/network/action_odds.h"
#include "agents/recollection/recollection.h"
#include "sim/base/random.h"
#include "sim/base/vector.h"
#include "sim/lidar/lidar.h"
#include "sim/task/action.h"

namespace medal {

class Checkpoint;
class Network;

/// The seed that training and `medal eval` sample with, so that their numbers are the same.
inline constexpr std::uint64_t kPolicySeed = 1;

/// What an agent knows of one learner's step besides the action that it chose.
struct AgentInsight {
  float value = 0.0F;                        ///< the return that it expects: discounted reward from here on
  std::array<ActionOdds, kActionSize> odds;  ///< how likely it was to act otherwise
  Vec3 expert_feet = Vec3::Zero();           ///< where it believes the expert to be: m from its own, in its yaw frame
  float expert_visible = 0.0F;               ///< how sure it is that it sees the expert, in [0, 1]
  std::vector<float> memory;                 ///< what of its memory people are shown; empty where it has none
  Recollection recollection;                 ///< what it remembers of events, and looks up now
};

/// A cell of the memory, as AgentInsight::memory counts them, that is kept at a value.
struct HeldCell {
  int cell = 0;
  float value = 0.0F;
};

/// A trained agent that steers any number of learners side by side, each with a memory of its own. This header reads
/// none of LibTorch's. Copies share the network and begin with copies of the memories. For one thread at a time.
class Agent {
 public:
  /// Opens what `medal export` wrote (agent.medal), or a checkpoint of a run. Throws UserError, which names the file
  /// and the mend, where it is missing, damaged, of another program version or no agent.
  static Agent load(const std::filesystem::path& file);
  /// The same of one that is open.
  static Agent load(const Checkpoint& checkpoint);
  /// Of a network that senses with `lidar`. Its parameters may go on changing.
  Agent(std::shared_ptr<const Network> network, const LidarOptions& lidar);
  /// One that senses as this one does, with another network for the same observations.
  Agent with_network(std::shared_ptr<const Network> network) const;
  Agent(const Agent& other);
  Agent& operator=(const Agent& other);
  Agent(Agent&&) noexcept;
  Agent& operator=(Agent&&) noexcept;
  ~Agent();

  /// What it senses with: worlds that it acts in must have the same. Observations are laid out as
  /// observation_layout(lidar()) says.
  const LidarOptions& lidar() const;
  /// Floats in the observation of one learner, O.
  int observation_size() const;
  std::int64_t parameter_count() const;
  const Network& network() const;
  /// What of an observation the network was trained on, where it lies.
  const SensedSlices& sensed() const;

  /// Begins episodes of N = `learners` learners: their memories are empty, and Random(seed, i) draws the actions of
  /// learner i. To be called before the first act().
  void reset(int learners, std::uint64_t seed = kPolicySeed);
  /// The same with a generator for each: what a learner does depends on no other.
  void reset(std::span<const Random> generators);
  /// Empties the memory of learner k, whose episode has ended while the others' go on.
  void forget(int learner);
  /// Draws actions from the policy (as it is at first), or takes the most likely ones, from the next act() on.
  void set_sampling(bool sample);

  /// From the next act() on, these cells have these values before each step, in all learners: what does it do without
  /// them? None: all are free again.
  void hold(std::vector<HeldCell> cells);

  /// The events that learner k remembers, newest first; none where its memory holds no events.
  std::vector<RememberedEvent> remembered(int learner) const;

  /// One control step of each learner: observations [N, O], row i is learner i's, to actions [N]. Memories move on.
  void act(std::span<const float> observations, std::span<Action> actions);
  /// As act(), and says what it knows: insights [N].
  void act(std::span<const float> observations, std::span<Action> actions, std::span<AgentInsight> insights);

 private:
  struct Implementation;
  std::unique_ptr<Implementation> implementation_;
};

}  // namespace medal
