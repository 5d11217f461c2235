#pragma once

#include <vector>

namespace medal {

/// What a policy is likely to do in one action dimension, for people to look at.
struct ActionOdds {
  std::vector<float> values;         ///< bins: what each stands for, as in Action; empty for a gaussian head
  std::vector<float> probabilities;  ///< of the bins
  float mean = 0.0F;                 ///< of the distribution, before clamping
  float deviation = 0.0F;
};

}  // namespace medal
