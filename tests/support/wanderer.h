#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "sim/base/random.h"
#include "sim/episode/player.h"

namespace medal {

/// What somebody without a plan does at control step `step`: a new wish every eight steps. Pure in its arguments.
inline Action wander(std::uint64_t seed, int step) {
  Random random(seed, static_cast<std::uint64_t>(step / 8));
  return {.forward = random.uniform(-0.3F, 1),
          .strafe = random.uniform(-1, 1),
          .turn = random.uniform(-1, 1),
          .jump = random.uniform() - 0.8F,
          .crouch = random.uniform() - 0.8F};
}

/// An expert for tests that steers by `wander`.
class Wanderer final : public Player {
 public:
  explicit Wanderer(std::uint64_t seed) : seed_(seed) {}
  Action act(const PlayerView& view) override { return wander(seed_, view.step); }

 private:
  std::uint64_t seed_;
};

/// Actions of learners 0 .. count - 1, each a wanderer of its own.
inline std::vector<Action> wander_all(std::uint64_t seed, int count, int step) {
  std::vector<Action> actions;
  for (int k = 0; k < count; ++k) actions.push_back(wander(mix_seed(seed, static_cast<std::uint64_t>(k)), step));
  return actions;
}

}  // namespace medal
