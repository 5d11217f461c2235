#pragma once

#include <algorithm>
#include <cmath>
#include <span>

namespace medal {

/// What the softmax of some logits is made of: the probability of logit l is exp(l - highest) / total, its logarithm
/// l - highest - log(total).
struct SoftmaxSum {
  float highest;
  float total;
};

/// Leaves exp(logit - highest) in `weights`, which has a place for each logit. At least one logit.
inline SoftmaxSum softmax_sum(std::span<const float> logits, float* weights) {
  const float highest = *std::max_element(logits.begin(), logits.end());
  float total = 0.0F;
  for (std::size_t k = 0; k < logits.size(); ++k) {
    weights[k] = std::exp(logits[k] - highest);
    total += weights[k];
  }
  return {highest, total};
}

}  // namespace medal
