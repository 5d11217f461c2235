#pragma once

#include <memory>

namespace medal {

/// An OpenGL 3.3 core context without a window or a display server (EGL surfaceless, or EGL on a device), current in
/// the thread that made it as long as it lives. Throws UserError where there is none.
class OffscreenContext {
 public:
  OffscreenContext();
  ~OffscreenContext();
  OffscreenContext(const OffscreenContext&) = delete;

 private:
  struct Implementation;
  std::unique_ptr<Implementation> implementation_;
};

}  // namespace medal
