#pragma once

#include <algorithm>
#include <array>
#include <span>
#include <string_view>

namespace medal {

/// What a player wants for one control step; each value is in [-1, 1] (clamped). The defaults ask for nothing.
/// Begin a new component here, give it a row in kActionComponents, and let sim/physics/avatar_motor.h obey it.
struct Action {
  float forward = 0.0F;  ///< share of top speed
  float strafe = 0.0F;   ///< to the left positive
  float turn = 0.0F;     ///< counter-clockwise positive, share of the top turn rate
  float jump = -1.0F;    ///< > 0: jump when on the ground
  float crouch = -1.0F;  ///< > 0: crouch
};

inline constexpr std::array kForwardBins = {0.0F, 0.5F, 1.0F};
inline constexpr std::array kSideBins = {-1.0F, 0.0F, 1.0F};
inline constexpr std::array kSwitchBins = {-1.0F, 1.0F};

/// One value of an action.
struct ActionComponent {
  std::string_view name;
  float Action::*value;
  std::span<const float> bins;  ///< what a policy of bins chooses from, rising
  bool posture = false;         ///< on (> 0) or off, two bins, and seldom on in a new policy: once begun, it lasts

  /// The value that asks for nothing.
  constexpr float idle() const { return Action{}.*value; }
  /// Whether the action asks for nothing of this.
  constexpr bool is_idle(const Action& action) const {
    return posture ? !(action.*value > 0.0F) : action.*value == idle();
  }
};

/// What an action is made of, in the order of its members: sizes, names, bins, files and networks follow this table.
inline constexpr std::array kActionComponents = {
    ActionComponent{"forward", &Action::forward, kForwardBins},
    ActionComponent{"strafe", &Action::strafe, kSideBins},
    ActionComponent{"turn", &Action::turn, kSideBins},
    ActionComponent{"jump", &Action::jump, kSwitchBins, true},
    ActionComponent{"crouch", &Action::crouch, kSwitchBins, true},
};

inline constexpr int kActionSize = static_cast<int>(kActionComponents.size());
static_assert(sizeof(Action) == kActionSize * sizeof(float), "each member of Action has one row");

/// Whether the action asks for nothing at all.
constexpr bool is_idle(const Action& action) {
  return std::all_of(kActionComponents.begin(), kActionComponents.end(),
                     [&action](const ActionComponent& component) { return component.is_idle(action); });
}

/// The same with each value in [-1, 1].
constexpr Action clamped(Action action) {
  for (const ActionComponent& component : kActionComponents)
    action.*component.value = std::clamp(action.*component.value, -1.0F, 1.0F);
  return action;
}

}  // namespace medal
