#include "experiments/card/worlds/late_seats.h"

#include <utility>

#include "sim/base/error.h"

namespace medal {

Seats late_seats(Seats seats, std::vector<int> from_step) {
  const auto act = [act = seats.act, forget = seats.forget, from = std::move(from_step), step = 0](
                       const Episodes& episodes, std::span<Action> actions) mutable {
    MEDAL_CHECK(from.size() == actions.size(), "one step for each learner");
    for (std::size_t i = 0; i < from.size(); ++i)
      if (forget && from[i] == step && step > 0) forget(static_cast<int>(i));
    act(episodes, actions);
    for (std::size_t i = 0; i < from.size(); ++i)
      if (from[i] > step) actions[i] = {};
    ++step;
  };
  return {seats.reset, act};
}

}  // namespace medal
