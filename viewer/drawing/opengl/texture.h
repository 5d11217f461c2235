#pragma once

#include <cstdint>
#include <vector>

#include "viewer/drawing/opengl/gl_object.h"

namespace medal {

/// A texture of RGBA texels, 8 bits each, row by row; smooth where it is drawn smaller. `magnify` says how it is where
/// it is drawn larger: GL_LINEAR or GL_NEAREST. Its edges go on outside.
inline GlTexture make_rgba_texture(int width, int height, const std::vector<std::uint8_t>& texels, GLint magnify) {
  GlTexture texture = make_texture();
  glBindTexture(GL_TEXTURE_2D, texture.name());
  glPixelStorei(GL_UNPACK_ALIGNMENT, 1);
  glTexImage2D(GL_TEXTURE_2D, 0, GL_RGBA8, width, height, 0, GL_RGBA, GL_UNSIGNED_BYTE, texels.data());
  glTexParameteri(GL_TEXTURE_2D, GL_TEXTURE_MIN_FILTER, GL_LINEAR);
  glTexParameteri(GL_TEXTURE_2D, GL_TEXTURE_MAG_FILTER, magnify);
  for (const GLenum wrap : {GL_TEXTURE_WRAP_S, GL_TEXTURE_WRAP_T})
    glTexParameteri(GL_TEXTURE_2D, wrap, GL_CLAMP_TO_EDGE);
  return texture;
}

}  // namespace medal
