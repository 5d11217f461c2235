#include <algorithm>
#include <functional>
#include <vector>

#include "viewer/overlay/overlay.h"
#include "viewer/overlay/overlay_parts.h"

namespace medal {
namespace {

constexpr float kLine = 21;  // pixels at scale 1

struct LegendLine {
  std::string text;
  std::function<void(ImVec2 center, float radius)> draw_mark;
};

bool has_obstacle(const Task& task, SolidKind kind) {
  return std::any_of(task.obstacles.begin(), task.obstacles.end(),
                     [&](const Obstacle& obstacle) { return obstacle.kind == kind; });
}

bool has_look(const Scene& scene, AvatarLook look) {
  return std::any_of(scene.avatars.begin(), scene.avatars.end(),
                     [&](const SceneAvatar& avatar) { return avatar.look == look; });
}

std::vector<LegendLine> lines_for(ImDrawList& list, const Scene& scene, const OverlayStyle& style) {
  const Palette& palette = style.palette;
  const auto box = [&list](const Vec3& colour, bool striped) {
    return [&list, colour, striped](ImVec2 c, float r) {
      list.AddRectFilled({c.x - r, c.y - 0.6F * r}, {c.x + r, c.y + 0.6F * r}, to_colour(colour), 2);
      for (const float x : {-0.55F, 0.25F})
        if (striped)
          list.AddRectFilled({c.x + x * r, c.y - 0.6F * r}, {c.x + (x + 0.35F) * r, c.y + 0.6F * r},
                             IM_COL32(225, 225, 220, 255));
    };
  };
  std::vector<LegendLine> lines;
  if (has_look(scene, AvatarLook::ghost))
    lines.push_back({"expert, unseen by the learner", [&](ImVec2 c, float r) {
                       list.AddCircleFilled(c, 0.9F * r, to_colour(palette.expert, 0.25F), 20);
                       list.AddCircle(c, 0.9F * r, to_colour(palette.expert), 20, 1.5F * style.scale);
                     }});
  if (!scene.beliefs.empty())
    lines.push_back({"where the learner believes it to be", [&](ImVec2 c, float r) {
                       list.AddCircle(c, 0.9F * r, to_colour(palette.belief), 20, 2 * style.scale);
                     }});
  if (std::any_of(scene.goals.begin(), scene.goals.end(), [](const GoalMark& mark) { return mark.last; }))
    lines.push_back({"goal entered last", [&](ImVec2 c, float r) {
                       list.AddCircleFilled(c, 0.6F * r, IM_COL32(150, 160, 175, 255), 20);
                       list.AddCircle(c, 0.95F * r, IM_COL32_WHITE, 20, 1.5F * style.scale);
                     }});
  if (has_obstacle(*scene.task, SolidKind::upright)) lines.push_back({"walk around", box(palette.upright, false)});
  if (has_obstacle(*scene.task, SolidKind::low_bar)) lines.push_back({"jump over", box(palette.low_bar, true)});
  if (has_obstacle(*scene.task, SolidKind::overhead_bar))
    lines.push_back({"crouch under", box(palette.overhead_bar, true)});
  if (scene.lidar)
    lines.push_back({"LIDAR: solid, goal, avatar", [&](ImVec2 c, float r) {
                       list.AddCircleFilled({c.x - 0.7F * r, c.y}, 0.32F * r, IM_COL32(237, 237, 237, 255), 12);
                       list.AddCircleFilled(c, 0.4F * r, to_colour(scene.task->goals.front().colour), 12);
                       list.AddCircleFilled({c.x + 0.8F * r, c.y}, 0.45F * r, to_colour(palette.expert), 12);
                     }});
  return lines;
}

}  // namespace

OverlayArea draw_legend(ImDrawList& list, const Scene& scene, ImVec2 low_left, const OverlayStyle& style) {
  const std::vector<LegendLine> lines = lines_for(list, scene, style);
  if (lines.empty()) return {low_left, low_left};
  const float s = style.scale, pad = kPadding * s, height = 0.93F * kTextHeight * s;
  float width = 0;
  for (const LegendLine& line : lines) width = std::max(width, text_size(line.text, height).x);
  const float rows = static_cast<float>(lines.size()) * kLine * s;
  const OverlayArea area{{low_left.x, low_left.y - rows - 2 * pad},
                         {low_left.x + width + 30 * s + 2 * pad, low_left.y}};
  put_plate(list, area, s);
  float middle = area.low.y + pad + 0.5F * kLine * s;
  for (const LegendLine& line : lines) {
    line.draw_mark({area.low.x + pad + 10 * s, middle}, 9 * s);
    put_text(list, {area.low.x + pad + 30 * s, middle - 0.5F * height}, height, IM_COL32(215, 222, 230, 255),
             line.text);
    middle += kLine * s;
  }
  return area;
}

}  // namespace medal
