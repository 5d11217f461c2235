#include "sim/generation/goal_colours.h"

#include <algorithm>
#include <cmath>

namespace medal {

Vec3 hue_to_rgb(float hue) {
  const auto channel = [&](float offset) {
    const float k = std::fmod(offset + 6.0F * hue, 6.0F);
    return 1.0F - std::clamp(std::min(k, 4.0F - k), 0.0F, 1.0F);
  };
  return {channel(5.0F), channel(3.0F), channel(1.0F)};
}

void colour_goals(std::vector<Goal>& goals, Random& random) {
  const float offset = random.uniform();
  for (std::size_t i = 0; i < goals.size(); ++i) {
    const float hue = offset + static_cast<float>(i) / static_cast<float>(goals.size());
    goals[i].colour = hue_to_rgb(hue - std::floor(hue));
  }
}

}  // namespace medal
