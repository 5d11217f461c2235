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

namespace {

void even_hues(std::vector<Goal>& goals, Random& random) {
  const float offset = random.uniform();
  for (std::size_t i = 0; i < goals.size(); ++i) {
    const float hue = offset + static_cast<float>(i) / static_cast<float>(goals.size());
    goals[i].colour = hue_to_rgb(hue - std::floor(hue));
  }
}

/// One after the other; false where the last of them found no room.
bool try_random_colours(float distance, std::vector<Goal>& goals, Random& random) {
  constexpr int kTries = 100;  // of one colour
  for (std::size_t i = 0; i < goals.size(); ++i) {
    const auto fits = [&](const Vec3& colour) {
      return colour.norm() >= kDarkest &&
             std::all_of(goals.begin(), goals.begin() + static_cast<std::ptrdiff_t>(i),
                         [&](const Goal& other) { return (other.colour - colour).norm() >= distance; });
    };
    int tries = 0;
    do {
      if (++tries > kTries) return false;
      const float red = random.uniform(), green = random.uniform(), blue = random.uniform();
      goals[i].colour = Vec3(red, green, blue);
    } while (!fits(goals[i].colour));
  }
  return true;
}

}  // namespace

void colour_goals(const TaskParameters& parameters, std::vector<Goal>& goals, Random& random) {
  if (parameters.colours == Colouring::even) return even_hues(goals, random);
  // The knob's limits leave room for kMaximumGoals, if not at each try.
  while (!try_random_colours(parameters.colour_distance, goals, random)) {
  }
}

}  // namespace medal
