#include "viewer/drawing/opengl/render_target.h"

#include <algorithm>
#include <string>

#include "sim/base/error.h"

namespace medal {
namespace {

GlRenderbuffer make_storage(GLenum format, PixelSize size, int samples) {
  GlRenderbuffer buffer = make_renderbuffer();
  glBindRenderbuffer(GL_RENDERBUFFER, buffer.name());
  glRenderbufferStorageMultisample(GL_RENDERBUFFER, samples > 1 ? samples : 0, format, size.width, size.height);
  return buffer;
}

void check_size(PixelSize size) {
  GLint most = 0;
  glGetIntegerv(GL_MAX_RENDERBUFFER_SIZE, &most);
  if (size.width < 1 || size.height < 1 || size.width > most || size.height > most)
    throw UserError("a picture of " + std::to_string(size.width) + "x" + std::to_string(size.height) +
                    " pixels cannot be drawn; the driver takes 1 to " + std::to_string(most) + " each way");
}

}  // namespace

RenderTarget::RenderTarget(PixelSize size, int samples) : size_(size) {
  check_size(size);
  GLint most = 1;
  glGetIntegerv(GL_MAX_SAMPLES, &most);
  samples = std::clamp(samples, 1, std::max(1, most));
  sampled_colour_ = make_storage(GL_RGBA8, size, samples);
  sampled_depth_ = make_storage(GL_DEPTH_COMPONENT24, size, samples);
  colour_ = make_storage(GL_RGBA8, size, 1);

  sampled_ = make_framebuffer();
  glBindFramebuffer(GL_FRAMEBUFFER, sampled_.name());
  glFramebufferRenderbuffer(GL_FRAMEBUFFER, GL_COLOR_ATTACHMENT0, GL_RENDERBUFFER, sampled_colour_.name());
  glFramebufferRenderbuffer(GL_FRAMEBUFFER, GL_DEPTH_ATTACHMENT, GL_RENDERBUFFER, sampled_depth_.name());
  MEDAL_CHECK(glCheckFramebufferStatus(GL_FRAMEBUFFER) == GL_FRAMEBUFFER_COMPLETE);
  resolved_ = make_framebuffer();
  glBindFramebuffer(GL_FRAMEBUFFER, resolved_.name());
  glFramebufferRenderbuffer(GL_FRAMEBUFFER, GL_COLOR_ATTACHMENT0, GL_RENDERBUFFER, colour_.name());
  MEDAL_CHECK(glCheckFramebufferStatus(GL_FRAMEBUFFER) == GL_FRAMEBUFFER_COMPLETE);
}

void RenderTarget::bind() const {
  glBindFramebuffer(GL_FRAMEBUFFER, sampled_.name());
  glViewport(0, 0, size_.width, size_.height);
}

void RenderTarget::resolve() const {
  glBindFramebuffer(GL_READ_FRAMEBUFFER, sampled_.name());
  glBindFramebuffer(GL_DRAW_FRAMEBUFFER, resolved_.name());
  glBlitFramebuffer(0, 0, size_.width, size_.height, 0, 0, size_.width, size_.height, GL_COLOR_BUFFER_BIT, GL_NEAREST);
  glBindFramebuffer(GL_FRAMEBUFFER, resolved_.name());
}

void RenderTarget::copy_to(GLuint framebuffer, int x, int y) const {
  glBindFramebuffer(GL_READ_FRAMEBUFFER, resolved_.name());
  glBindFramebuffer(GL_DRAW_FRAMEBUFFER, framebuffer);
  glBlitFramebuffer(0, 0, size_.width, size_.height, x, y, x + size_.width, y + size_.height, GL_COLOR_BUFFER_BIT,
                    GL_NEAREST);
  glBindFramebuffer(GL_FRAMEBUFFER, framebuffer);
}

Image RenderTarget::read() const { return read_framebuffer(resolved_.name(), size_); }

Image read_framebuffer(GLuint framebuffer, PixelSize size) {
  Image image{size, {}};
  const auto row = static_cast<std::ptrdiff_t>(size.width) * 3;
  image.pixels.resize(static_cast<std::size_t>(row * size.height));
  glBindFramebuffer(GL_READ_FRAMEBUFFER, framebuffer);
  glPixelStorei(GL_PACK_ALIGNMENT, 1);
  glReadPixels(0, 0, size.width, size.height, GL_RGB, GL_UNSIGNED_BYTE, image.pixels.data());
  // OpenGL's rows go up, pictures' rows go down.
  const auto begin = image.pixels.begin();
  for (int top = 0, bottom = size.height - 1; top < bottom; ++top, --bottom)
    std::swap_ranges(begin + row * top, begin + row * (top + 1), begin + row * bottom);
  return image;
}

}  // namespace medal
