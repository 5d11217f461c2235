#pragma once

#include "viewer/drawing/opengl/gpu_mesh.h"
#include "viewer/drawing/opengl/shader_program.h"
#include "viewer/drawing/scene/camera.h"
#include "viewer/drawing/scene/scene.h"

namespace medal {

/// Goals: glowing glass, with a halo that faces the eye. An entry makes them flash.
class GoalSpheres {
 public:
  GoalSpheres();
  /// Blending must be on; leaves it as alpha blending.
  void draw(const Goal& goal, const GoalMark& mark, const Camera& camera) const;

 private:
  void draw_halo(const Goal& goal, float reach, float strength, const Camera& camera) const;

  ShaderProgram glass_, halo_;
  GpuMesh sphere_;
  GlVertexArray square_;
  GlBuffer corners_;
};

}  // namespace medal
