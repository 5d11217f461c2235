#pragma once

#include <epoxy/gl.h>

#include <utility>

namespace medal {

/// Owns one OpenGL name. A context must be current when it is destroyed.
template <void (*Delete)(GLuint)>
class GlObject {
 public:
  GlObject() = default;
  explicit GlObject(GLuint name) : name_(name) {}
  ~GlObject() {
    if (name_ != 0) Delete(name_);
  }
  GlObject(GlObject&& other) noexcept : name_(std::exchange(other.name_, 0)) {}
  GlObject& operator=(GlObject&& other) noexcept {
    std::swap(name_, other.name_);
    return *this;
  }
  GLuint name() const { return name_; }

 private:
  GLuint name_ = 0;
};

inline void delete_buffer(GLuint name) { glDeleteBuffers(1, &name); }
inline void delete_vertex_array(GLuint name) { glDeleteVertexArrays(1, &name); }
inline void delete_texture(GLuint name) { glDeleteTextures(1, &name); }
inline void delete_framebuffer(GLuint name) { glDeleteFramebuffers(1, &name); }
inline void delete_renderbuffer(GLuint name) { glDeleteRenderbuffers(1, &name); }
inline void delete_program(GLuint name) { glDeleteProgram(name); }

using GlBuffer = GlObject<delete_buffer>;
using GlVertexArray = GlObject<delete_vertex_array>;
using GlTexture = GlObject<delete_texture>;
using GlFramebuffer = GlObject<delete_framebuffer>;
using GlRenderbuffer = GlObject<delete_renderbuffer>;
using GlProgram = GlObject<delete_program>;

/// A new object by one of the glGen functions.
template <class Object, class Generate>
Object generate(Generate generate_names) {
  GLuint name = 0;
  generate_names(1, &name);
  return Object(name);
}
inline GlBuffer make_buffer() { return generate<GlBuffer>(glGenBuffers); }
inline GlVertexArray make_vertex_array() { return generate<GlVertexArray>(glGenVertexArrays); }
inline GlTexture make_texture() { return generate<GlTexture>(glGenTextures); }
inline GlFramebuffer make_framebuffer() { return generate<GlFramebuffer>(glGenFramebuffers); }
inline GlRenderbuffer make_renderbuffer() { return generate<GlRenderbuffer>(glGenRenderbuffers); }

}  // namespace medal
