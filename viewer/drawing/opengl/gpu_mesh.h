#pragma once

#include <Eigen/Core>
#include <vector>

#include "viewer/drawing/opengl/gl_object.h"
#include "viewer/drawing/shapes/mesh.h"

namespace medal {

/// A mesh on the graphics card.
class GpuMesh {
 public:
  GpuMesh() = default;
  explicit GpuMesh(const Mesh& mesh);
  void draw() const;

 private:
  GlVertexArray array_;
  GlBuffer vertices_, indices_;
  GLsizei count_ = 0;
};

/// Flat vertices that change every frame.
class FlatStream {
 public:
  FlatStream();
  /// `mode`: GL_TRIANGLES, GL_LINES or GL_POINTS.
  void draw(const std::vector<FlatVertex>& vertices, GLenum mode) const;

 private:
  GlVertexArray array_;
  GlBuffer vertices_;
};

/// What is drawn later covers what is behind it by its opacity; the picture's own opacity stays.
void blend_by_opacity();

/// Model matrix: scaled, turned by `yaw` (rad) about Z, then moved.
Eigen::Matrix4f placed(const Vec3& position, float yaw, float size = 1.0F);

}  // namespace medal
