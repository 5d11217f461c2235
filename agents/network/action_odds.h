#pragma once

#include <array>
#include <string_view>
#include <vector>

#include "sim/task/avatar.h"

namespace medal {

inline constexpr std::array<std::string_view, kActionSize> kActionNames = {"forward", "strafe", "turn", "jump",
                                                                           "crouch"};

/// What a policy is likely to do in one action dimension, for people to look at.
struct ActionOdds {
  std::vector<float> values;         ///< bins: what each stands for, as in Action; empty for a gaussian head
  std::vector<float> probabilities;  ///< of the bins
  float mean = 0.0F;                 ///< of the distribution, before clamping
  float deviation = 0.0F;
};

}  // namespace medal
