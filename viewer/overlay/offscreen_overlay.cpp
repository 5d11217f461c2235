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

void draw_picture_overlay(ImDrawList& list, const Scene& scene, const Scoreboard& board, const Camera& camera,
                          PixelSize size, const OverlayStyle& style) {
  constexpr float kGap = 14, kMap = 190, kLeastForPanels = 540;  // pixels at scale 1
  const float s = style.scale, gap = kGap * s;
  const float width = static_cast<float>(size.width), height = static_cast<float>(size.height);
  draw_name_tags(list, scene, camera, {{0, 0}, {width, height}}, style);
  draw_scoreboard(list, board, *scene.task, {gap, gap}, style);
  if (height < kLeastForPanels * s) return;
  const float side = kMap * s;
  // A map beside a picture that is one says nothing new.
  if (camera.parallel_height <= 0)
    draw_minimap(list, scene, {{width - gap - side, height - gap - side}, {width - gap, height - gap}}, style);
  draw_legend(list, scene, {gap, height - gap}, style);
}

}  // namespace medal
