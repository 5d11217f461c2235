#pragma once

#include <functional>

#include "viewer/drawing/pictures/image.h"
#include "viewer/overlay/overlay.h"

struct ImGuiContext;

namespace medal {

/// Text and panels on pictures that no window shows: a context of Dear ImGui without one. An OpenGL context must be
/// current whenever one is made, used or destroyed.
class OffscreenOverlay {
 public:
  explicit OffscreenOverlay(float scale);
  ~OffscreenOverlay();
  OffscreenOverlay(const OffscreenOverlay&) = delete;

  /// Draws what `draw` adds to the list onto the framebuffer that is bound now (RenderTarget::resolve binds one).
  void draw(PixelSize size, const std::function<void(ImDrawList&)>& draw);

 private:
  ImGuiContext* context_;
};

}  // namespace medal
