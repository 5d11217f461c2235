#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "sim/episode/episode.h"
#include "viewer/sessions/mind/agent_knowledge.h"
#include "viewer/sessions/mind/held_cells.h"

namespace medal {

struct LoadedAgent;

/// Opens RUN|CHECKPOINT, an exported agent too (open_checkpoint). Torch computes on the calling thread alone from then
/// on. Throws UserError.
std::shared_ptr<const LoadedAgent> open_agent(const std::string& run_or_checkpoint);

/// What is to be known of an agent without Torch.
struct AgentCard {
  std::string name;         ///< the run's, or the checkpoint file's
  std::string title;        ///< "quick after 12.0 M steps"
  LidarOptions lidar;       ///< what it senses with
  TaskParameters task;      ///< the fixed knobs of its held-out tasks: full difficulty as it was trained for
  std::string config_toml;  ///< its whole config
};
AgentCard agent_card(const LoadedAgent& agent);
/// What an agent senses with; where there is none, the default.
LidarOptions lidar_of(const std::shared_ptr<const LoadedAgent>& agent);
/// For the actions that an agent draws as learner `learner` of the task with that seed.
std::uint64_t agent_seed(std::uint64_t task_seed, int learner);

/// A trained agent that steers one learner, and shows what it knows. Deterministic in (agent, seed, observations).
class AgentMind {
 public:
  /// `sample`: draw actions from the policy by Random(seed), else take the most likely.
  AgentMind(const std::shared_ptr<const LoadedAgent>& agent, std::uint64_t seed, bool sample);
  ~AgentMind();
  AgentMind(AgentMind&&) noexcept;
  AgentMind& operator=(AgentMind&&) noexcept;

  /// Observes as learner `learner`, thinks one step and chooses. Once for each control step, before it.
  Action act(const Episode& episode, int learner);
  /// Sampled or most likely actions, from the next one on.
  void set_sampling(bool sample);
  /// From the next act() on these cells of its memory stand still, or none any more; how many. None where nothing is to
  /// be told of its cells yet (held_cells).
  int hold(CellHold which, std::uint64_t seed);
  /// All thoughts of this episode, one for each act().
  const std::vector<std::shared_ptr<const AgentThought>>& thoughts() const { return thoughts_; }

 private:
  struct Implementation;
  std::unique_ptr<Implementation> implementation_;
  std::vector<std::shared_ptr<const AgentThought>> thoughts_;
};

}  // namespace medal
