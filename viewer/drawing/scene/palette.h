#pragma once

#include <array>

#include "sim/base/vector.h"
#include "sim/task/task.h"
#include "viewer/drawing/scene/scene.h"

namespace medal {

/// The palette of Okabe and Ito (2008), which people with any common colour blindness can tell apart. sRGB in [0, 1].
namespace okabe_ito {
inline const Vec3 orange(0.902F, 0.624F, 0.000F);
inline const Vec3 sky_blue(0.337F, 0.706F, 0.914F);
inline const Vec3 green(0.000F, 0.620F, 0.451F);
inline const Vec3 yellow(0.941F, 0.894F, 0.259F);
inline const Vec3 blue(0.000F, 0.447F, 0.698F);
inline const Vec3 vermillion(0.835F, 0.369F, 0.000F);
inline const Vec3 purple(0.800F, 0.475F, 0.655F);
}  // namespace okabe_ito

/// What the program colours itself; goals bring their own colours.
struct Palette {
  Vec3 expert = okabe_ito::orange;
  std::array<Vec3, 4> learners = {okabe_ito::sky_blue, okabe_ito::green, okabe_ito::purple, okabe_ito::yellow};
  Vec3 belief = okabe_ito::purple;       ///< where the attention head believes the expert to be
  Vec3 reward = okabe_ito::green;        ///< +1
  Vec3 penalty = okabe_ito::vermillion;  ///< -1
  Vec3 upright{0.50F, 0.53F, 0.58F};
  Vec3 low_bar = okabe_ito::vermillion;
  Vec3 overhead_bar = okabe_ito::blue;

  /// `index`: which learner; the colours begin again where there are more of them.
  const Vec3& avatar(AvatarRole role, int index) const {
    return role == AvatarRole::expert ? expert : learners[static_cast<std::size_t>(index) % learners.size()];
  }
  const Vec3& obstacle(SolidKind kind) const {
    return kind == SolidKind::upright ? upright : kind == SolidKind::low_bar ? low_bar : overhead_bar;
  }
};

}  // namespace medal
