#include "viewer/drawing/opengl/gpu_mesh.h"

#include <Eigen/Geometry>
#include <cstddef>

namespace medal {
namespace {

static_assert(sizeof(Vertex) == 12 * sizeof(float) && sizeof(FlatVertex) == 8 * sizeof(float));

/// `first` counts floats from the vertex's begin.
void attribute(GLuint location, GLint floats, std::size_t first, std::size_t stride) {
  glEnableVertexAttribArray(location);
  glVertexAttribPointer(location, floats, GL_FLOAT, GL_FALSE, static_cast<GLsizei>(stride),
                        reinterpret_cast<const void*>(first * sizeof(float)));
}

template <class T>
GLsizeiptr bytes_of(const std::vector<T>& values) {
  return static_cast<GLsizeiptr>(values.size() * sizeof(T));
}

}  // namespace

GpuMesh::GpuMesh(const Mesh& mesh)
    : array_(make_vertex_array()),
      vertices_(make_buffer()),
      indices_(make_buffer()),
      count_(static_cast<GLsizei>(mesh.indices.size())) {
  glBindVertexArray(array_.name());
  glBindBuffer(GL_ARRAY_BUFFER, vertices_.name());
  glBufferData(GL_ARRAY_BUFFER, bytes_of(mesh.vertices), mesh.vertices.data(), GL_STATIC_DRAW);
  glBindBuffer(GL_ELEMENT_ARRAY_BUFFER, indices_.name());
  glBufferData(GL_ELEMENT_ARRAY_BUFFER, bytes_of(mesh.indices), mesh.indices.data(), GL_STATIC_DRAW);
  for (const GLuint location : {0U, 1U, 2U, 3U}) attribute(location, 3, 3 * location, sizeof(Vertex));
  glBindVertexArray(0);
}

void GpuMesh::draw() const {
  if (count_ == 0) return;
  glBindVertexArray(array_.name());
  glDrawElements(GL_TRIANGLES, count_, GL_UNSIGNED_INT, nullptr);
}

FlatStream::FlatStream() : array_(make_vertex_array()), vertices_(make_buffer()) {
  glBindVertexArray(array_.name());
  glBindBuffer(GL_ARRAY_BUFFER, vertices_.name());
  attribute(0, 3, 0, sizeof(FlatVertex));
  attribute(1, 4, 3, sizeof(FlatVertex));
  attribute(2, 1, 7, sizeof(FlatVertex));
  glBindVertexArray(0);
}

void FlatStream::draw(const std::vector<FlatVertex>& vertices, GLenum mode) const {
  if (vertices.empty()) return;
  glBindVertexArray(array_.name());
  glBindBuffer(GL_ARRAY_BUFFER, vertices_.name());
  glBufferData(GL_ARRAY_BUFFER, bytes_of(vertices), vertices.data(), GL_STREAM_DRAW);
  glDrawArrays(mode, 0, static_cast<GLsizei>(vertices.size()));
}

void blend_by_opacity() { glBlendFuncSeparate(GL_SRC_ALPHA, GL_ONE_MINUS_SRC_ALPHA, GL_ZERO, GL_ONE); }

Eigen::Matrix4f placed(const Vec3& position, float yaw, float size) {
  Eigen::Affine3f model = Eigen::Translation3f(position) * Eigen::AngleAxisf(yaw, Vec3::UnitZ()) * Eigen::Scaling(size);
  return model.matrix();
}

}  // namespace medal
