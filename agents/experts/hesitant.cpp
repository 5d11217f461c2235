#include "agents/experts/hesitant.h"

#include <algorithm>

#include "sim/base/random.h"

namespace medal {
namespace {

constexpr float kBetween = 4.0F;                    // s, mean time from one whim to the next
constexpr float kShortest = 0.4F, kLongest = 1.2F;  // s, of a whim
constexpr float kSwerveShare = 0.5F;                // of the whims; the others are pauses
constexpr float kClear = 2.5F;                      // m from a goal's surface that a swerve keeps

class Hesitant final : public Player {
 public:
  Hesitant(std::unique_ptr<Player> player, std::uint64_t seed) : player_(std::move(player)), random_(seed) {}

  Action act(const PlayerView& view) override {
    const Action wanted = player_->act(view);  // goes on thinking meanwhile
    const float rate = view.task.parameters.control_rate;
    if (left_ == 0) {
      if (!random_.bernoulli(std::min(1.0F, 1.0F / (kBetween * rate)))) return wanted;
      left_ = std::max(1, static_cast<int>(random_.uniform(kShortest, kLongest) * rate));
      side_ = random_.bernoulli(kSwerveShare) ? (random_.bernoulli(0.5F) ? 1.0F : -1.0F) : 0.0F;
    }
    --left_;
    if (side_ != 0 && clear_of_goals(view)) return {.forward = wanted.forward, .strafe = side_, .turn = wanted.turn};
    return {.turn = wanted.turn, .crouch = wanted.crouch};
  }

 private:
  static bool clear_of_goals(const PlayerView& view) {
    return std::all_of(view.task.goals.begin(), view.task.goals.end(),
                       [&](const Goal& goal) { return (goal.center - view.self.feet).norm() > goal.radius + kClear; });
  }

  std::unique_ptr<Player> player_;
  Random random_;
  int left_ = 0;    ///< control steps of the present whim
  float side_ = 0;  ///< where it swerves; 0: it stands
};

}  // namespace

std::unique_ptr<Player> hesitant(std::unique_ptr<Player> player, std::uint64_t seed) {
  return std::make_unique<Hesitant>(std::move(player), seed);
}

}  // namespace medal
