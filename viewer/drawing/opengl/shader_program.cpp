#include "viewer/drawing/opengl/shader_program.h"

#include <array>
#include <string>

#include "sim/base/error.h"
#include "viewer/drawing/opengl/shaders.h"

namespace medal {
namespace {

GLuint compile(GLenum kind, std::string_view text) {
  const std::string whole = std::string(shaders::kShared).append(text);
  const char* source = whole.c_str();
  const GLuint shader = glCreateShader(kind);
  glShaderSource(shader, 1, &source, nullptr);
  glCompileShader(shader);
  GLint done = 0;
  glGetShaderiv(shader, GL_COMPILE_STATUS, &done);
  std::array<char, 2048> log{};
  glGetShaderInfoLog(shader, static_cast<GLsizei>(log.size()), nullptr, log.data());
  MEDAL_CHECK(done == GL_TRUE, log.data());
  return shader;
}

}  // namespace

ShaderProgram::ShaderProgram(std::string_view vertex, std::string_view fragment) : program_(glCreateProgram()) {
  const std::array<GLuint, 2> parts = {compile(GL_VERTEX_SHADER, vertex), compile(GL_FRAGMENT_SHADER, fragment)};
  for (const GLuint part : parts) glAttachShader(program_.name(), part);
  glLinkProgram(program_.name());
  GLint done = 0;
  glGetProgramiv(program_.name(), GL_LINK_STATUS, &done);
  std::array<char, 2048> log{};
  glGetProgramInfoLog(program_.name(), static_cast<GLsizei>(log.size()), nullptr, log.data());
  MEDAL_CHECK(done == GL_TRUE, log.data());
  for (const GLuint part : parts) glDeleteShader(part);
  const GLuint frame = glGetUniformBlockIndex(program_.name(), "Frame");
  if (frame != GL_INVALID_INDEX) glUniformBlockBinding(program_.name(), frame, 0);
}

}  // namespace medal
