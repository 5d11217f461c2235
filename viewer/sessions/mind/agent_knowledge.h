#pragma once

#include <array>
#include <memory>
#include <span>
#include <vector>

#include "agents/network/action_odds.h"
#include "agents/recollection/recollection.h"
#include "sim/base/vector.h"
#include "sim/task/action.h"
#include "sim/task/avatar.h"
#include "viewer/sessions/mind/telling_cell.h"

namespace medal {

/// What an agent made of one observation.
struct AgentThought {
  int step = 0;  ///< control steps done when it observed
  float value = 0.0F;
  std::array<ActionOdds, kActionSize> odds;
  Action action;                     ///< what it chose
  Vec3 expert_guess = Vec3::Zero();  ///< where its attention head believes the expert's feet to be: m, world frame
  float presence_belief = 0.0F;      ///< how sure it is that it sees the expert, in [0, 1]
  bool sees_expert = false;          ///< whether it does
  Recollection recollection;         ///< what it remembers of events, and looked up in this step
  std::vector<float> cells;          ///< of the memory after the step (MemoryCell::shown); empty where it has no state
};

/// What an agent knows, over the last steps.
struct AgentKnowledge {
  std::vector<std::shared_ptr<const AgentThought>> history;  ///< oldest first; not empty
  TellingCell telling;                                       ///< over the history

  const AgentThought& now() const { return *history.back(); }
};

/// Where in the world the expert's feet are that a learner believes to be `place` from its own (m, in its yaw frame).
Vec3 expert_position(const AvatarState& learner, const Vec3& place);

/// The thoughts of a history, newest last, of at most `most` steps up to and with `end` (exclusive), and their telling
/// cell. `end` must be at least 1.
AgentKnowledge knowledge_of(const std::vector<std::shared_ptr<const AgentThought>>& thoughts, int end, int most);

}  // namespace medal
