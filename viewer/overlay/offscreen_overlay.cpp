#include "viewer/overlay/offscreen_overlay.h"

#include <backends/imgui_impl_opengl3.h>

#include <algorithm>

#include "sim/base/error.h"
#include "viewer/overlay/overlay_font.h"

namespace medal {

OffscreenOverlay::OffscreenOverlay(float scale) : context_(ImGui::CreateContext()) {
  ImGui::SetCurrentContext(context_);
  ImGui::GetIO().IniFilename = nullptr;
  load_overlay_font(scale);
  MEDAL_CHECK(ImGui_ImplOpenGL3_Init("#version 330 core"));
}

OffscreenOverlay::~OffscreenOverlay() {
  ImGui::SetCurrentContext(context_);
  ImGui_ImplOpenGL3_Shutdown();
  ImGui::DestroyContext(context_);
}

void OffscreenOverlay::draw(PixelSize size, const std::function<void(ImDrawList&)>& draw) {
  ImGui::SetCurrentContext(context_);
  ImGui::GetIO().DisplaySize = {static_cast<float>(size.width), static_cast<float>(size.height)};
  ImGui_ImplOpenGL3_NewFrame();
  ImGui::NewFrame();
  draw(*ImGui::GetBackgroundDrawList());
  ImGui::Render();
  ImGui_ImplOpenGL3_RenderDrawData(ImGui::GetDrawData());
}

}  // namespace medal
