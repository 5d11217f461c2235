#include "sim/lidar/ray_direction.h"

#include <cmath>
#include <numbers>

#include "sim/base/error.h"

namespace medal {

Vec3 ray_direction(const LidarOptions& options, int ray, float yaw) {
  constexpr float kPi = std::numbers::pi_v<float>;
  MEDAL_CHECK(ray >= 0 && ray < options.rays());
  const float pitch = options.pitches[static_cast<std::size_t>(ray / options.azimuths)] * kPi / 180.0F;
  const auto part = static_cast<float>(ray % options.azimuths) / static_cast<float>(options.azimuths);
  const float azimuth = yaw + 2 * kPi * part;
  return {std::cos(pitch) * std::cos(azimuth), std::cos(pitch) * std::sin(azimuth), std::sin(pitch)};
}

}  // namespace medal
