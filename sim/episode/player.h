#pragma once

#include <cstdint>
#include <functional>
#include <memory>

#include "sim/base/random.h"
#include "sim/rewards/reward_rule.h"
#include "sim/task/action.h"
#include "sim/task/avatar.h"
#include "sim/task/task.h"

namespace medal {

/// What a player may know when it acts: all of the task.
struct PlayerView {
  const Task& task;
  const AvatarState& self;
  const GoalHistory& history;
  int step = 0;  ///< control steps done
};

/// Anyone who can steer an avatar: bot, human, recording, frozen agent. Deterministic given its constructor's arguments
/// and the views. One player per avatar per episode; not shared between threads.
class Player {
 public:
  virtual ~Player() = default;
  virtual Action act(const PlayerView& view) = 0;
};

/// Makes the expert for one episode; null for an absent one. Called from several threads at once.
using ExpertFactory = std::function<std::unique_ptr<Player>(const Task& task, std::uint64_t seed)>;

}  // namespace medal
