#include "viewer/drawing/opengl/offscreen_context.h"

#include <epoxy/egl.h>
#include <epoxy/gl.h>

#include <array>

#include "sim/base/error.h"

namespace medal {
namespace {

constexpr int kMajor = 3, kMinor = 3;
constexpr EGLint kMostDevices = 16;

[[noreturn]] void give_up(const std::string& cause) {
  throw UserError("nothing can be drawn here: " + cause +
                  "; install an OpenGL driver for EGL (Debian: libegl-mesa0 libgl1-mesa-dri)");
}

/// Mesa's way first, then the devices that proprietary drivers list.
EGLDisplay first_display() {
  if (!epoxy_has_egl()) give_up("there is no libEGL");
  const auto initialised = [](EGLDisplay display) {
    return display != EGL_NO_DISPLAY && eglInitialize(display, nullptr, nullptr) == EGL_TRUE;
  };
  if (epoxy_has_egl_extension(EGL_NO_DISPLAY, "EGL_EXT_platform_base")) {
    if (epoxy_has_egl_extension(EGL_NO_DISPLAY, "EGL_MESA_platform_surfaceless")) {
      const EGLDisplay display = eglGetPlatformDisplayEXT(EGL_PLATFORM_SURFACELESS_MESA, EGL_DEFAULT_DISPLAY, nullptr);
      if (initialised(display)) return display;
    }
    if (epoxy_has_egl_extension(EGL_NO_DISPLAY, "EGL_EXT_platform_device") &&
        epoxy_has_egl_extension(EGL_NO_DISPLAY, "EGL_EXT_device_enumeration")) {
      std::array<EGLDeviceEXT, kMostDevices> devices{};
      EGLint count = 0;
      eglQueryDevicesEXT(kMostDevices, devices.data(), &count);
      for (EGLint i = 0; i < count; ++i) {
        const EGLDisplay display =
            eglGetPlatformDisplayEXT(EGL_PLATFORM_DEVICE_EXT, devices[static_cast<std::size_t>(i)], nullptr);
        if (initialised(display)) return display;
      }
    }
  }
  give_up("EGL has no display that works without a window");
}

}  // namespace

struct OffscreenContext::Implementation {
  EGLDisplay display = EGL_NO_DISPLAY;
  EGLContext context = EGL_NO_CONTEXT;

  ~Implementation() {
    if (context != EGL_NO_CONTEXT) {
      eglMakeCurrent(display, EGL_NO_SURFACE, EGL_NO_SURFACE, EGL_NO_CONTEXT);
      eglDestroyContext(display, context);
    }
    if (display != EGL_NO_DISPLAY) eglTerminate(display);
  }
};

OffscreenContext::OffscreenContext() : implementation_(std::make_unique<Implementation>()) {
  const EGLDisplay display = implementation_->display = first_display();
  if (eglBindAPI(EGL_OPENGL_API) != EGL_TRUE) give_up("EGL offers no OpenGL");
  const std::array<EGLint, 5> wanted = {EGL_RENDERABLE_TYPE, EGL_OPENGL_BIT, EGL_SURFACE_TYPE, 0, EGL_NONE};
  EGLConfig config = nullptr;
  EGLint count = 0;
  if (eglChooseConfig(display, wanted.data(), &config, 1, &count) != EGL_TRUE || count < 1)
    give_up("EGL has no config for OpenGL");
  const std::array<EGLint, 7> attributes = {
      EGL_CONTEXT_MAJOR_VERSION,           kMajor,  EGL_CONTEXT_MINOR_VERSION, kMinor, EGL_CONTEXT_OPENGL_PROFILE_MASK,
      EGL_CONTEXT_OPENGL_CORE_PROFILE_BIT, EGL_NONE};
  implementation_->context = eglCreateContext(display, config, EGL_NO_CONTEXT, attributes.data());
  if (implementation_->context == EGL_NO_CONTEXT) give_up("there is no OpenGL 3.3 core context");
  if (eglMakeCurrent(display, EGL_NO_SURFACE, EGL_NO_SURFACE, implementation_->context) != EGL_TRUE)
    give_up("the context does not work without a window");
}

OffscreenContext::~OffscreenContext() = default;

}  // namespace medal
