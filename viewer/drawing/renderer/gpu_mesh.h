#pragma once

#include <cstdint>
#include <vector>

#include "viewer/drawing/renderer/gl_object.h"
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

}  // namespace medal
