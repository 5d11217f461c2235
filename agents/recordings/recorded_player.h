#pragma once

#include <vector>

#include "sim/episode/player.h"

namespace medal {

/// Does again what somebody did in the same task; stands still after that.
class RecordedPlayer final : public Player {
 public:
  explicit RecordedPlayer(std::vector<Action> actions) : actions_(std::move(actions)) {}
  Action act(const PlayerView& view) override {
    const auto step = static_cast<std::size_t>(view.step);
    return step < actions_.size() ? actions_[step] : Action{};
  }

 private:
  std::vector<Action> actions_;  ///< [step]
};

}  // namespace medal
