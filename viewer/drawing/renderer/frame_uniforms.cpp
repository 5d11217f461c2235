#include "viewer/drawing/renderer/frame_uniforms.h"

#include <array>

#include "viewer/drawing/renderer/shadow_map.h"

namespace medal {
namespace {

constexpr float kHazePerMetre = 0.011F;

/// Laid out as std140 has it.
struct FrameBlock {
  Eigen::Matrix4f view_projection, to_shadow;
  std::array<float, 4> eye, sun;
};
static_assert(sizeof(FrameBlock) == 160);

}  // namespace

Vec3 towards_sun() { return Vec3(-0.62F, 0.36F, 0.86F).normalized(); }

void FrameUniforms::set(const Eigen::Matrix4f& view_projection, const Eigen::Matrix4f& from_sun, const Vec3& eye,
                        float haze_from) const {
  const Vec3 sun = towards_sun();
  const FrameBlock block{view_projection,
                         ShadowMap::to_map(from_sun),
                         {eye.x(), eye.y(), eye.z(), haze_from},
                         {sun.x(), sun.y(), sun.z(), kHazePerMetre}};
  glBindBuffer(GL_UNIFORM_BUFFER, buffer_.name());
  glBufferData(GL_UNIFORM_BUFFER, sizeof(block), &block, GL_STREAM_DRAW);
  glBindBufferBase(GL_UNIFORM_BUFFER, 0, buffer_.name());
}

}  // namespace medal
