#include "viewer/drawing/renderer/sky.h"

#include "viewer/drawing/opengl/shaders.h"

namespace medal {

Sky::Sky() : program_(shaders::kSkyVertex, shaders::kSkyFragment), no_vertices_(make_vertex_array()) {}

void Sky::draw(const Camera& camera, PixelSize size) const {
  // Directions of the picture's corners: for a parallel projection all are the same.
  const Eigen::Matrix4f view = view_matrix(camera), projection = projection_matrix(camera, size);
  Eigen::Matrix4f to_view = Eigen::Matrix4f::Zero();
  if (camera.parallel_height <= 0) {
    to_view(0, 0) = 1.0F / projection(0, 0);
    to_view(1, 1) = 1.0F / projection(1, 1);
  }
  to_view(2, 3) = -1.0F;
  Eigen::Matrix4f turn = Eigen::Matrix4f::Identity();
  turn.topLeftCorner<3, 3>() = view.topLeftCorner<3, 3>().transpose();
  program_.use();
  program_.set("to_world", Eigen::Matrix4f(turn * to_view));
  glBindVertexArray(no_vertices_.name());
  glDrawArrays(GL_TRIANGLES, 0, 3);
}

}  // namespace medal
