#pragma once

#include <Eigen/Core>

#include "sim/base/vector.h"
#include "viewer/drawing/opengl/gl_object.h"

namespace medal {

/// The direction that light comes from, of length 1.
Vec3 towards_sun();

/// What all shaders share while one view is drawn: the uniform block `Frame` of shaders::kShared.
class FrameUniforms {
 public:
  FrameUniforms() : buffer_(make_buffer()) {}

  /// `view_projection`: world to clip space. `from_sun`: world to the sun's clip space. Haze begins `haze_from` m from
  /// the eye.
  void set(const Eigen::Matrix4f& view_projection, const Eigen::Matrix4f& from_sun, const Vec3& eye,
           float haze_from) const;

 private:
  GlBuffer buffer_;
};

}  // namespace medal
