#pragma once

#include "viewer/drawing/opengl/gl_object.h"
#include "viewer/drawing/pictures/image.h"

namespace medal {

/// What is drawn into: colour and depth with several samples a pixel, and the picture that they resolve to.
class RenderTarget {
 public:
  /// `samples`: 1, 2, 4 or 8 for each pixel, lowered to what the driver has. Throws UserError where the size is more
  /// than the driver can draw.
  RenderTarget(PixelSize size, int samples);

  PixelSize size() const { return size_; }
  /// What is drawn next goes into the samples, over the whole size.
  void bind() const;
  /// Makes the picture out of the samples; what is drawn next (text) goes onto the picture.
  void resolve() const;
  /// Copies the resolved picture into framebuffer `framebuffer` (0: the window) with its lower left corner at (x, y).
  void copy_to(GLuint framebuffer, int x, int y) const;
  /// The resolved picture.
  Image read() const;

 private:
  PixelSize size_;
  GlRenderbuffer sampled_colour_, sampled_depth_, colour_;
  GlFramebuffer sampled_, resolved_;
};

/// What a framebuffer without samples shows (0: the window).
Image read_framebuffer(GLuint framebuffer, PixelSize size);

}  // namespace medal
