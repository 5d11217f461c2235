#include <algorithm>

#include "viewer/overlay/overlay.h"
#include "viewer/overlay/overlay_parts.h"

namespace medal {
namespace {

constexpr float kAboveHead = 1.0F;    // m above an avatar's head
constexpr float kSignSeconds = 1.4F;  // s that +1 or -1 floats above a goal

/// Where a world point is drawn, unless it lies outside.
std::optional<ImVec2> place_of(const Camera& camera, const OverlayArea& area, const Vec3& point) {
  const PixelSize size{static_cast<int>(area.high.x - area.low.x), static_cast<int>(area.high.y - area.low.y)};
  const std::optional<ScreenPoint> seen = project(camera, size, point);
  if (!seen) return std::nullopt;
  const ImVec2 place(area.low.x + seen->pixel.x(), area.low.y + seen->pixel.y());
  if (place.x < area.low.x || place.x > area.high.x || place.y < area.low.y || place.y > area.high.y)
    return std::nullopt;
  return place;
}

void put_tag(ImDrawList& list, ImVec2 foot, const std::string& text, const Vec3& colour, float opacity, float scale) {
  const float height = kTextHeight * scale;
  const ImVec2 size = text_size(text, height);
  const float pad = 5 * scale;
  const ImVec2 low(foot.x - 0.5F * size.x - pad, foot.y - size.y - pad), high(foot.x + 0.5F * size.x + pad, foot.y);
  list.AddRectFilled(low, high, ImGui::ColorConvertFloat4ToU32({0.05F, 0.07F, 0.10F, 0.78F * opacity}), 4 * scale);
  list.AddRectFilled({low.x, high.y - 2.5F * scale}, high, to_colour(colour, opacity), 1.5F * scale);
  put_text(list, {low.x + pad, low.y + 0.4F * pad}, height, to_colour(Vec3::Ones(), opacity), text);
}

void put_sign(ImDrawList& list, ImVec2 center, const GoalMark& mark, const OverlayStyle& style) {
  const float share = mark.seconds_since_entry / kSignSeconds;
  const float height = 30 * style.scale;
  const std::string text = mark.reward > 0 ? "+1" : "-1";
  const ImVec2 size = text_size(text, height);
  const ImVec2 place(center.x - 0.5F * size.x, center.y - size.y - 26 * style.scale * share);
  const float opacity = std::min(1.0F, 2.0F - 2.0F * share);
  const float edge = 1.5F * style.scale;
  for (const float x : {-edge, edge})
    for (const float y : {-edge, edge})
      put_text(list, {place.x + x, place.y + y}, height, to_colour(Vec3(0.03F, 0.05F, 0.08F), opacity), text);
  const Vec3 colour = mark.reward > 0 ? Vec3(0.45F, 1.0F, 0.80F) : Vec3(1.0F, 0.62F, 0.36F);
  put_text(list, place, height, to_colour(colour, opacity), text);
}

}  // namespace

void draw_name_tags(ImDrawList& list, const Scene& scene, const Camera& camera, const OverlayArea& area,
                    const OverlayStyle& style) {
  list.PushClipRect(area.low, area.high, true);
  for (std::size_t g = 0; g < scene.task->goals.size(); ++g) {
    const Goal& goal = scene.task->goals[g];
    const auto top = place_of(camera, area, goal.center + Vec3(0, 0, goal.radius + 0.15F));
    if (top && scene.show_order)
      put_tag(list, *top, std::to_string(place_in_order(*scene.task, static_cast<int>(g))), goal.colour, 1,
              style.scale);
    if (top && g < scene.goals.size() && scene.goals[g].reward != 0 &&
        scene.goals[g].seconds_since_entry < kSignSeconds)
      put_sign(list, {top->x, top->y - (scene.show_order ? 26 * style.scale : 0)}, scene.goals[g], style);
  }
  for (const SceneAvatar& avatar : scene.avatars) {
    if (avatar.look == AvatarLook::hidden || avatar.name.empty()) continue;
    const Vec3 head = avatar.state.feet + Vec3(0, 0, avatar.state.height());
    if ((camera.eye - head).norm() < 1.5F) continue;  // one's own
    const auto place = place_of(camera, area, head + Vec3(0, 0, kAboveHead));
    if (!place) continue;
    const bool ghost = avatar.look == AvatarLook::ghost;
    put_tag(list, *place, ghost ? avatar.name + " (unseen)" : avatar.name,
            style.palette.avatar(avatar.role, avatar.index), ghost ? 0.65F : 1.0F, style.scale);
  }
  for (const BeliefOverlay& belief : scene.beliefs)
    if (const auto place = place_of(camera, area, belief.feet + Vec3(0, 0, kAvatar.height + 0.25F)))
      put_tag(list, *place, "believed", style.palette.belief, 1, style.scale);
  list.PopClipRect();
}

}  // namespace medal
