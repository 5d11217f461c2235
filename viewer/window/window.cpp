#include "viewer/window/window.h"

#include <backends/imgui_impl_glfw.h>
#include <backends/imgui_impl_opengl3.h>
#include <epoxy/gl.h>
#include <fmt/format.h>
#define GLFW_INCLUDE_NONE
#include <GLFW/glfw3.h>

#include <algorithm>
#include <vector>

#include "experiments/processes/tell.h"
#include "sim/base/error.h"
#include "viewer/drawing/opengl/render_target.h"
#include "viewer/overlay/overlay_font.h"
#include "viewer/window/theme.h"

namespace medal {
namespace {

constexpr float kLookPerPixel = 0.0026F;  // rad

/// GLFW, as long as a window is there.
struct GlfwLibrary {
  GlfwLibrary() {
    if (glfwInit() == GLFW_TRUE) return;
    const char* cause = nullptr;
    glfwGetError(&cause);
    throw UserError(
        fmt::format("no window can be opened ({}); start it in a desktop session (DISPLAY must be set), or "
                    "draw without a screen by 'medal viewer picture' and 'medal viewer video'",
                    cause == nullptr ? "no screen" : cause));
  }
  ~GlfwLibrary() { glfwTerminate(); }
  GlfwLibrary(const GlfwLibrary&) = delete;
};

struct WindowCloser {
  void operator()(GLFWwindow* window) const { glfwDestroyWindow(window); }
};
using WindowHandle = std::unique_ptr<GLFWwindow, WindowCloser>;

WindowHandle open_window(const std::string& title, const WindowOptions& options) {
  glfwWindowHint(GLFW_CONTEXT_VERSION_MAJOR, 3);
  glfwWindowHint(GLFW_CONTEXT_VERSION_MINOR, 3);
  glfwWindowHint(GLFW_OPENGL_PROFILE, GLFW_OPENGL_CORE_PROFILE);
  glfwWindowHint(GLFW_OPENGL_FORWARD_COMPAT, GLFW_TRUE);
  glfwWindowHint(GLFW_SCALE_TO_MONITOR, GLFW_TRUE);
  // Samples are the render target's; the window needs no depth either.
  glfwWindowHint(GLFW_SAMPLES, 0);
  glfwWindowHint(GLFW_DEPTH_BITS, 0);
  WindowHandle window(glfwCreateWindow(options.size.width, options.size.height, title.c_str(), nullptr, nullptr));
  if (window) return window;
  const char* cause = nullptr;
  glfwGetError(&cause);
  throw UserError(
      fmt::format("no window with OpenGL 3.3 can be opened ({}); install a driver (Debian: libgl1-mesa-dri)",
                  cause == nullptr ? "no cause known" : cause));
}

}  // namespace

struct Window::Implementation {
  WindowOptions options;
  GlfwLibrary library;
  WindowHandle window;
  ImGuiContext* context = nullptr;
  OverlayStyle style;
  FrameTimes times;
  std::vector<int> keys;  ///< that went down since the last frame
  Vec2 cursor = Vec2::Zero(), looked = Vec2::Zero();
  bool captured = false;

  Implementation(const std::string& title, const WindowOptions& wanted)
      : options(wanted), window(open_window(title, wanted)) {
    glfwMakeContextCurrent(window.get());
    glfwSwapInterval(1);
    // A key tapped between two frames is still seen held once.
    glfwSetInputMode(window.get(), GLFW_STICKY_KEYS, GLFW_TRUE);
    glfwSetWindowUserPointer(window.get(), this);
    glfwSetKeyCallback(window.get(), [](GLFWwindow* w, int key, int, int action, int) {
      if (action == GLFW_PRESS) static_cast<Implementation*>(glfwGetWindowUserPointer(w))->keys.push_back(key);
    });
    float x = 1, y = 1;
    glfwGetWindowContentScale(window.get(), &x, &y);
    style.scale = std::clamp(std::max(x, y) * options.scale, 0.5F, 6.0F);
    context = ImGui::CreateContext();
    ImGui::GetIO().IniFilename = nullptr;
    load_overlay_font(style.scale);
    apply_theme(style);
    // Takes our callback over and calls it first.
    MEDAL_CHECK(ImGui_ImplGlfw_InitForOpenGL(window.get(), true));
    MEDAL_CHECK(ImGui_ImplOpenGL3_Init("#version 330 core"));
  }

  ~Implementation() {
    ImGui_ImplOpenGL3_Shutdown();
    ImGui_ImplGlfw_Shutdown();
    ImGui::DestroyContext(context);
  }

  void begin_frame() {
    keys.clear();
    glfwPollEvents();
    const Vec2 now = cursor_place();
    looked = captured ? Vec2(-kLookPerPixel * (now - cursor)) : Vec2(Vec2::Zero());
    cursor = now;
    // Panes need not cover all of it.
    glBindFramebuffer(GL_FRAMEBUFFER, 0);
    glClearColor(0.03F, 0.04F, 0.06F, 1);
    glClear(GL_COLOR_BUFFER_BIT);
    ImGui_ImplOpenGL3_NewFrame();
    ImGui_ImplGlfw_NewFrame();
    ImGui::NewFrame();
  }

  void end_frame(PixelSize size) {
    ImGui::Render();
    glBindFramebuffer(GL_FRAMEBUFFER, 0);
    glViewport(0, 0, size.width, size.height);
    ImGui_ImplOpenGL3_RenderDrawData(ImGui::GetDrawData());
    const bool last = options.frames > 0 && times.frames() + 1 >= options.frames;
    if (last || glfwWindowShouldClose(window.get()) == GLFW_TRUE) {
      glfwSetWindowShouldClose(window.get(), GLFW_TRUE);
      if (!options.screenshot.empty()) write_png(options.screenshot, read_framebuffer(0, size));
    }
    glfwSwapBuffers(window.get());
  }

  Vec2 cursor_place() const {
    double x = 0, y = 0;
    glfwGetCursorPos(window.get(), &x, &y);
    return {static_cast<float>(x), static_cast<float>(y)};
  }
  bool held(int key) const { return glfwGetKey(window.get(), key) == GLFW_PRESS; }
  bool typing() const { return ImGui::GetIO().WantTextInput; }
};

Window::Window(const std::string& title, const WindowOptions& options)
    : implementation_(std::make_unique<Implementation>(title, options)) {}

Window::~Window() = default;

void Window::run(const std::function<void(double seconds)>& frame) {
  Implementation& window = *implementation_;
  double before = glfwGetTime();
  while (glfwWindowShouldClose(window.window.get()) == GLFW_FALSE) {
    const double now = glfwGetTime();
    window.begin_frame();
    if (size().width > 0 && size().height > 0) frame(now - before);
    window.end_frame(size());
    window.times.add(glfwGetTime() - now);
    before = now;
  }
  if (window.options.frames > 0)
    tell("{} frames of {}x{}: {:.1f} a second, 95 % within {:.1f} ms\n", window.times.frames(), size().width,
         size().height, window.times.frames_per_second(), 1e3 * window.times.quantile(0.95));
}

void Window::close() { glfwSetWindowShouldClose(implementation_->window.get(), GLFW_TRUE); }

PixelSize Window::size() const {
  PixelSize size;
  glfwGetFramebufferSize(implementation_->window.get(), &size.width, &size.height);
  return size;
}

const OverlayStyle& Window::style() const { return implementation_->style; }
const FrameTimes& Window::frame_times() const { return implementation_->times; }

bool Window::pressed(int key) const {
  const std::vector<int>& keys = implementation_->keys;
  return !implementation_->typing() && std::find(keys.begin(), keys.end(), key) != keys.end();
}

KeyboardState Window::keyboard() const {
  const Implementation& window = *implementation_;
  if (window.typing()) return {};
  KeyboardState state;
  state.forward = window.held(GLFW_KEY_W) || window.held(GLFW_KEY_UP);
  state.backward = window.held(GLFW_KEY_S) || window.held(GLFW_KEY_DOWN);
  state.left = window.held(GLFW_KEY_A);
  state.right = window.held(GLFW_KEY_D);
  state.turn_left = window.held(GLFW_KEY_LEFT);
  state.turn_right = window.held(GLFW_KEY_RIGHT);
  state.jump = window.held(GLFW_KEY_SPACE);
  state.crouch = window.held(GLFW_KEY_C) || window.held(GLFW_KEY_LEFT_CONTROL) || window.held(GLFW_KEY_RIGHT_CONTROL);
  state.slow = window.held(GLFW_KEY_LEFT_SHIFT) || window.held(GLFW_KEY_RIGHT_SHIFT);
  return state;
}

GamepadState Window::gamepad() const {
  GamepadState state;
  GLFWgamepadstate read;
  if (glfwGetGamepadState(GLFW_JOYSTICK_1, &read) == GLFW_FALSE) return state;
  state.connected = true;
  std::copy(std::begin(read.axes), std::end(read.axes), state.axes.begin());
  std::copy(std::begin(read.buttons), std::end(read.buttons), state.buttons.begin());
  return state;
}

bool Window::clicked() const { return ImGui::IsMouseClicked(0) && !ImGui::GetIO().WantCaptureMouse; }

Vec2 Window::dragged() const {
  const ImGuiIO& io = ImGui::GetIO();
  if (io.WantCaptureMouse || !ImGui::IsMouseDragging(0, 2)) return Vec2::Zero();
  return {io.MouseDelta.x, io.MouseDelta.y};
}

void Window::capture_mouse(bool captured) {
  Implementation& window = *implementation_;
  if (window.captured == captured) return;
  window.captured = captured;
  glfwSetInputMode(window.window.get(), GLFW_CURSOR, captured ? GLFW_CURSOR_DISABLED : GLFW_CURSOR_NORMAL);
  if (glfwRawMouseMotionSupported() == GLFW_TRUE)
    glfwSetInputMode(window.window.get(), GLFW_RAW_MOUSE_MOTION, captured ? GLFW_TRUE : GLFW_FALSE);
  // Panels must not light up under a cursor that nobody sees.
  ImGuiConfigFlags& flags = ImGui::GetIO().ConfigFlags;
  flags = captured ? flags | ImGuiConfigFlags_NoMouse : flags & ~ImGuiConfigFlags_NoMouse;
  window.cursor = window.cursor_place();
}

bool Window::mouse_captured() const { return implementation_->captured; }
Vec2 Window::looked() const { return implementation_->looked; }

}  // namespace medal
