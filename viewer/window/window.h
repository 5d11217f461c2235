#pragma once

#include <filesystem>
#include <functional>
#include <memory>
#include <string>

#include "viewer/drawing/pictures/image.h"
#include "viewer/overlay/overlay.h"
#include "viewer/sessions/controls.h"
#include "viewer/window/frame_times.h"

namespace medal {

struct WindowOptions {
  PixelSize size;                    ///< at scale 1
  float scale = 1;                   ///< of text and panels, times what the screen asks for
  int frames = 0;                    ///< closes after so many and prints how fast they came; 0: never
  std::filesystem::path screenshot;  ///< PNG of the last frame; empty for none
};

/// A window with an OpenGL 3.3 core context and Dear ImGui in it, current in the thread that made it. One at a time.
class Window {
 public:
  /// Throws UserError where there is no screen or no OpenGL.
  Window(const std::string& title, const WindowOptions& options);
  ~Window();
  Window(const Window&) = delete;

  /// Calls `frame` for each frame, with the seconds since the one before, until the window is closed. Between two calls
  /// what was drawn is shown, with ImGui's windows over it.
  void run(const std::function<void(double seconds)>& frame);
  void close();

  /// Of the drawable area, which ImGui's coordinates are in too.
  PixelSize size() const;
  /// How text and panels look.
  const OverlayStyle& style() const;
  const FrameTimes& frame_times() const;

  /// Whether a key (GLFW_KEY_...) went down since the last frame. Never while somebody types into a field.
  bool pressed(int key) const;
  /// Movement keys held now; none while somebody types.
  KeyboardState keyboard() const;
  GamepadState gamepad() const;

  /// A click or drag that no panel has taken; pixels since the last frame, right and down positive.
  bool clicked() const;
  Vec2 dragged() const;
  /// While captured, the cursor is hidden and every movement of the mouse counts for looked().
  void capture_mouse(bool captured);
  bool mouse_captured() const;
  /// How far the mouse has turned the view since the last frame: rad to the left, and up. 0 unless captured.
  Vec2 looked() const;

 private:
  struct Implementation;
  std::unique_ptr<Implementation> implementation_;
};

}  // namespace medal
