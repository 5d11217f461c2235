#include <algorithm>
#include <cmath>

#include "sim/task/footprint.h"
#include "viewer/overlay/overlay.h"
#include "viewer/overlay/overlay_parts.h"

namespace medal {
namespace {

/// From the arena to the map: +X to the right, +Y up.
class MapFrame {
 public:
  MapFrame(const OverlayArea& area, float arena_size)
      : middle_((area.low.x + area.high.x) / 2, (area.low.y + area.high.y) / 2),
        scale_(std::min(area.high.x - area.low.x, area.high.y - area.low.y) / arena_size) {}
  ImVec2 operator()(const Vec2& point) const {
    return {middle_.x + scale_ * point.x(), middle_.y - scale_ * point.y()};
  }
  float length(float metres) const { return scale_ * metres; }

 private:
  ImVec2 middle_;
  float scale_;  ///< pixels per metre
};

/// As the ground's own colours, darker so that goals and avatars stand out.
ImU32 ground_colour(float level) {
  const Vec3 low(0.13F, 0.20F, 0.23F), high(0.42F, 0.38F, 0.29F);
  return to_colour(low + std::clamp(level, 0.0F, 1.0F) * (high - low));
}

void put_ground(ImDrawList& list, const Terrain& terrain, const MapFrame& frame) {
  const auto [low, high] =
      std::minmax_element(terrain.heights.begin(), terrain.heights.begin() + (terrain.cells + 1) * (terrain.cells + 1));
  const float bottom = static_cast<float>(*low) * Terrain::kHeightUnit;
  const float range = std::max(1.0F, static_cast<float>(*high) * Terrain::kHeightUnit - bottom);
  const auto colour = [&](int i, int j) { return ground_colour((terrain.corner(i, j) - bottom) / range); };
  const auto point = [&](int i, int j) {
    return frame({static_cast<float>(i) * terrain.cell_size - terrain.half_size(),
                  static_cast<float>(j) * terrain.cell_size - terrain.half_size()});
  };
  const ImDrawListFlags flags = list.Flags;
  list.Flags &= ~ImDrawListFlags_AntiAliasedFill;  // seams between cells otherwise
  for (int j = 0; j < terrain.cells; ++j)
    for (int i = 0; i < terrain.cells; ++i)
      list.AddRectFilledMultiColor(point(i, j + 1), point(i + 1, j), colour(i, j + 1), colour(i + 1, j + 1),
                                   colour(i + 1, j), colour(i, j));
  list.Flags = flags;
}

void put_obstacles(ImDrawList& list, const Task& task, const MapFrame& frame, const Palette& palette) {
  for (const Obstacle& obstacle : task.obstacles) {
    const std::array<Vec2, 4> corners = Footprint(obstacle).corners();
    list.AddQuadFilled(frame(corners[0]), frame(corners[1]), frame(corners[2]), frame(corners[3]),
                       to_colour(palette.obstacle(obstacle.kind)));
  }
}

void put_trails(ImDrawList& list, const Scene& scene, const MapFrame& frame, const OverlayStyle& style) {
  for (const Trail& trail : scene.trails)
    for (std::size_t k = 1; k < trail.points.size(); ++k) {
      const float age = static_cast<float>(k) / static_cast<float>(trail.points.size());
      list.AddLine(frame(trail.points[k - 1].head<2>()), frame(trail.points[k].head<2>()),
                   to_colour(style.palette.avatar(trail.role, trail.index), 0.9F * age), 1.6F * style.scale);
    }
}

void put_goals(ImDrawList& list, const Scene& scene, const MapFrame& frame, const OverlayStyle& style) {
  for (std::size_t g = 0; g < scene.task->goals.size(); ++g) {
    const Goal& goal = scene.task->goals[g];
    const ImVec2 center = frame(goal.center.head<2>());
    const float radius = frame.length(goal.radius);
    list.AddCircleFilled(center, radius, to_colour(goal.colour, 0.85F), 24);
    if (g < scene.goals.size() && scene.goals[g].last)
      list.AddCircle(center, radius + 1.5F * style.scale, IM_COL32_WHITE, 24, 2 * style.scale);
    if (!scene.show_order) continue;
    const std::string text = std::to_string(place_in_order(*scene.task, static_cast<int>(g)));
    const float height = std::min(1.5F * radius, kTextHeight * style.scale);
    const ImVec2 size = text_size(text, height);
    const bool dark = goal.colour.dot(Vec3(0.21F, 0.72F, 0.07F)) < 0.35F;
    put_text(list, {center.x - 0.5F * size.x, center.y - 0.5F * size.y}, height,
             dark ? IM_COL32_WHITE : IM_COL32(10, 12, 18, 255), text);
  }
}

void put_avatars(ImDrawList& list, const Scene& scene, const MapFrame& frame, const OverlayStyle& style) {
  const float size = 6.5F * style.scale;
  for (const SceneAvatar& avatar : scene.avatars) {
    if (avatar.look == AvatarLook::hidden) continue;
    const ImVec2 at = frame(avatar.state.feet.head<2>());
    const ImVec2 ahead(std::cos(avatar.state.yaw) * size, -std::sin(avatar.state.yaw) * size);
    const ImVec2 tip(at.x + 1.35F * ahead.x, at.y + 1.35F * ahead.y);
    const ImVec2 left(at.x - 0.8F * ahead.x - 0.8F * ahead.y, at.y - 0.8F * ahead.y + 0.8F * ahead.x);
    const ImVec2 right(at.x - 0.8F * ahead.x + 0.8F * ahead.y, at.y - 0.8F * ahead.y - 0.8F * ahead.x);
    const bool ghost = avatar.look == AvatarLook::ghost;
    if (!ghost) list.AddTriangleFilled(tip, left, right, to_colour(style.palette.avatar(avatar.role, avatar.index)));
    list.AddTriangle(tip, left, right,
                     ghost ? to_colour(style.palette.avatar(avatar.role, avatar.index)) : IM_COL32_WHITE,
                     1.3F * style.scale);
  }
}

}  // namespace

void draw_minimap(ImDrawList& list, const Scene& scene, const OverlayArea& area, const OverlayStyle& style) {
  const float border = kMapBorder * style.scale;
  put_plate(list, {{area.low.x - border, area.low.y - border}, {area.high.x + border, area.high.y + border}},
            style.scale);
  const MapFrame frame(area, scene.task->terrain.size());
  list.PushClipRect(area.low, area.high, true);
  put_ground(list, scene.task->terrain, frame);
  put_obstacles(list, *scene.task, frame, style.palette);
  put_trails(list, scene, frame, style);
  put_goals(list, scene, frame, style);
  put_avatars(list, scene, frame, style);
  for (const BeliefOverlay& belief : scene.beliefs)
    list.AddCircle(frame(belief.feet.head<2>()), 6 * style.scale, to_colour(style.palette.belief), 20, 2 * style.scale);
  list.PopClipRect();
}

}  // namespace medal
