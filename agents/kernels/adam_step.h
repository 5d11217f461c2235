#pragma once

#include <cstdint>

namespace medal {

/// One step of Adam (Kingma & Ba 2015, algorithm 1) along a gradient, in one pass over the numbers.
struct AdamStep {
  float mean_decay = 0, square_decay = 0;  ///< beta 1, beta 2
  float mean_share = 0, square_share = 0;  ///< 1 - beta 1, 1 - beta 2: in floats, 1 - 0.999 is wrong in the fifth digit
  float epsilon = 0;
  float step_size = 0;          ///< learning rate / (1 - beta 1^t)
  float square_correction = 1;  ///< sqrt(1 - beta 2^t)
};
void adam_step(const AdamStep& step, std::int64_t count, const float* gradient, float* mean, float* square,
               float* value);

}  // namespace medal
