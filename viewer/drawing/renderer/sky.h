#pragma once

#include "viewer/drawing/opengl/gl_object.h"
#include "viewer/drawing/opengl/shader_program.h"
#include "viewer/drawing/scene/camera.h"

namespace medal {

/// The sky behind everything: one triangle over the whole picture, where nothing is nearer.
class Sky {
 public:
  Sky();
  void draw(const Camera& camera, PixelSize size) const;

 private:
  ShaderProgram program_;
  GlVertexArray no_vertices_;  ///< the shader makes its own
};

}  // namespace medal
