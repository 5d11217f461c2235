#pragma once

#include <cstdint>
#include <vector>

#include "viewer/drawing/gl_object.h"
#include "viewer/drawing/mesh.h"

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

/// A corner of something without light: ribbons, lines, points.
struct FlatVertex {
  Vec3 position = Vec3::Zero();  ///< m
  Vec3 colour = Vec3::Ones();    ///< linear
  float opacity = 1;
  float size = 1;  ///< of a point, in pixels
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

}  // namespace medal
