#pragma once

#include <Eigen/Core>
#include <string_view>

#include "sim/base/vector.h"
#include "viewer/drawing/opengl/gl_object.h"

namespace medal {

/// A linked vertex and fragment shader. A text that does not compile is a programming mistake.
class ShaderProgram {
 public:
  /// Both texts begin with what shaders share (shaders::kShared).
  ShaderProgram(std::string_view vertex, std::string_view fragment);

  void use() const { glUseProgram(program_.name()); }
  /// Sets a uniform of the program in use; names that the shader does not use are ignored.
  void set(const char* name, int value) const { glUniform1i(place(name), value); }
  void set(const char* name, float value) const { glUniform1f(place(name), value); }
  void set(const char* name, const Vec2& value) const { glUniform2fv(place(name), 1, value.data()); }
  void set(const char* name, const Vec3& value) const { glUniform3fv(place(name), 1, value.data()); }
  void set(const char* name, const Eigen::Matrix4f& value) const {
    glUniformMatrix4fv(place(name), 1, GL_FALSE, value.data());
  }

 private:
  GLint place(const char* name) const { return glGetUniformLocation(program_.name(), name); }

  GlProgram program_;
};

}  // namespace medal
