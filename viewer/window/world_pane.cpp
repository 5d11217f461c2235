#include "viewer/window/world_pane.h"

#define GLFW_INCLUDE_NONE
#include <GLFW/glfw3.h>

#include <algorithm>
#include <cmath>

namespace medal {
namespace {

constexpr float kOrbitPerPixel = 0.006F;  // rad

PixelSize size_of(const OverlayArea& area) {
  return {std::max(1, static_cast<int>(area.high.x - area.low.x)),
          std::max(1, static_cast<int>(area.high.y - area.low.y))};
}

}  // namespace

WorldPane::WorldPane(const Window& window, CameraKind kind)
    : camera(kind), window_(window), governor_(DrawingQuality{}.samples) {}

void WorldPane::read_input() {
  if (window_.pressed(GLFW_KEY_TAB)) camera.next_kind();
  if (window_.pressed(GLFW_KEY_L)) choices.lidar = !choices.lidar;
  if (window_.pressed(GLFW_KEY_O)) choices.order = !choices.order;
  if (window_.pressed(GLFW_KEY_M)) overlays = !overlays;
  if (!window_.mouse_captured()) camera.orbit(-kOrbitPerPixel * window_.dragged().x());
}

float WorldPane::panel_bottom(const OverlayArea& area) const {
  return area.high.y - (overlays ? kMapReach : kGap) * window_.style().scale;
}

void WorldPane::draw(const SessionView& view, const OverlayArea& area, double seconds, float covered, float yaw_ahead) {
  governor_.update(seconds);
  Scene scene = scene_of(view, choices);
  SceneAvatar* followed = find_player(scene, subject);
  std::optional<AvatarState> state;
  if (followed != nullptr) {
    state = followed->state;
    state->yaw += yaw_ahead;
    if (camera.follows()) followed->name.clear();  // its tag would stand in the way
  }
  OverlayArea world = area;
  if (!camera.follows()) world.high.x -= std::round(covered);
  const Camera from = camera.update(*view.task, state ? &*state : nullptr, size_of(world), seconds);
  draw_world(scene, from, world);
  draw_overlays(*ImGui::GetBackgroundDrawList(), scene, scoreboard_of(view), from, world, area, window_.style(),
                {overlays, overlays && legend});
}

void WorldPane::draw_world(const Scene& scene, const Camera& from, const OverlayArea& area) {
  const PixelSize size = size_of(area);
  if (!target_ || target_->size() != size || target_samples_ != governor_.samples()) {
    target_samples_ = governor_.samples();
    target_.emplace(size, target_samples_);
  }
  target_->bind();
  renderer_.draw(scene, from, size, window_.style().scale);
  target_->resolve();
  target_->copy_to(0, static_cast<int>(area.low.x), window_.size().height - static_cast<int>(area.high.y));
}

}  // namespace medal
