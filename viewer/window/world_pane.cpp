#include "viewer/window/world_pane.h"

#define GLFW_INCLUDE_NONE
#include <GLFW/glfw3.h>

#include <algorithm>
#include <cmath>

#include "viewer/overlay/overlay_parts.h"

namespace medal {
namespace {

constexpr float kGap = 14, kMap = 190;                  // pixels at scale 1
constexpr float kLeastWidth = 640, kLeastHeight = 420;  // for map and legend

PixelSize size_of(const OverlayArea& area) {
  return {std::max(1, static_cast<int>(area.high.x - area.low.x)),
          std::max(1, static_cast<int>(area.high.y - area.low.y))};
}

}  // namespace

WorldPane::WorldPane(const Window& window, CameraKind kind)
    : camera(kind), window_(window), governor_(DrawingQuality{}.samples) {}

void WorldPane::read_keys() {
  if (window_.pressed(GLFW_KEY_TAB)) camera.next_kind();
  if (window_.pressed(GLFW_KEY_L)) choices.lidar = !choices.lidar;
  if (window_.pressed(GLFW_KEY_O)) choices.order = !choices.order;
  if (window_.pressed(GLFW_KEY_M)) show_map = !show_map;
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
  draw_overlays(view, scene, from, world, area);
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

void WorldPane::draw_overlays(const SessionView& view, const Scene& scene, const Camera& from, const OverlayArea& world,
                              const OverlayArea& area) {
  ImDrawList& list = *ImGui::GetBackgroundDrawList();
  const OverlayStyle& style = window_.style();
  const float s = style.scale, gap = kGap * s;
  draw_name_tags(list, scene, from, world, style);
  const ImVec2 corner(area.low.x + gap, area.low.y + gap);
  draw_scoreboard(list, scoreboard_of(view), *view.task, corner, style);
  if (area.high.x - area.low.x < kLeastWidth * s || area.high.y - area.low.y < kLeastHeight * s) return;
  const float bottom = area.high.y - gap;
  // A map beside a picture that is one says nothing new.
  if (show_map && from.parallel_height <= 0)
    draw_minimap(list, scene, {{area.high.x - gap - kMap * s, bottom - kMap * s}, {area.high.x - gap, bottom}}, style);
  if (show_legend) draw_legend(list, scene, {area.low.x + gap, bottom}, style);
}

void draw_banner(ImDrawList& list, const std::vector<std::string>& lines, const OverlayArea& area, float y,
                 const OverlayStyle& style) {
  if (lines.empty()) return;
  const float s = style.scale, pad = 1.4F * kPadding * s;
  const auto height_of = [&](std::size_t line) { return (line == 0 ? 1.35F : 1.0F) * kTextHeight * s; };
  float width = 0, height = -0.35F * kTextHeight * s;
  for (std::size_t k = 0; k < lines.size(); ++k) {
    width = std::max(width, text_size(lines[k], height_of(k)).x);
    height += height_of(k) + 0.35F * kTextHeight * s;
  }
  const float middle = 0.5F * (area.low.x + area.high.x);
  put_plate(list, {{middle - 0.5F * width - pad, y}, {middle + 0.5F * width + pad, y + height + 2 * pad}}, s);
  y += pad;
  for (std::size_t k = 0; k < lines.size(); ++k) {
    const float line_width = text_size(lines[k], height_of(k)).x;
    put_text(list, {middle - 0.5F * line_width, y}, height_of(k),
             k == 0 ? IM_COL32_WHITE : IM_COL32(205, 213, 222, 255), lines[k]);
    y += height_of(k) + 0.35F * kTextHeight * s;
  }
}

}  // namespace medal
