#include "agents/navigation/navmesh_links.h"

#include <algorithm>
#include <cmath>

#include "sim/task/avatar.h"
#include "sim/task/footprint.h"

namespace medal {
namespace {

constexpr float kSpacing = 0.8F;        // m between links along a bar
constexpr float kHighestJump = 0.85F;   // m from the ground to a bar's top: a jump rises 1.27 m
constexpr float kLowestCrouch = 0.15F;  // m kept above a crouching head
constexpr float kSideMargin = 0.3F;     // m kept beside a body under way
constexpr float kSteepestLink = 0.35F;  // rise over run along a link
constexpr float kOvershoot = 1.0F;      // m behind a link that a landing may take
constexpr int kSamples = 7;             // places looked at along a link

/// Distance of a point from the segment from a to b, seen from above.
float distance_to_segment(const Vec2& point, const Vec2& a, const Vec2& b) {
  const Vec2 along = b - a;
  const float share = std::clamp((point - a).dot(along) / along.squaredNorm(), 0.0F, 1.0F);
  return (point - a - share * along).norm();
}

bool clear_of_goals(const Task& task, const Vec2& from, const Vec2& to) {
  return std::all_of(task.goals.begin(), task.goals.end(), [&](const Goal& goal) {
    return distance_to_segment(goal.center.head<2>(), from, to) > goal.radius + kAvatar.radius + kSideMargin;
  });
}

bool clear_of_obstacles(const Task& task, std::size_t bar, const Vec2& from, const Vec2& to) {
  for (std::size_t i = 0; i < task.obstacles.size(); ++i) {
    if (i == bar) continue;
    const Footprint footprint(task.obstacles[i]);
    for (int s = 0; s < kSamples; ++s) {
      const float share = static_cast<float>(s) / static_cast<float>(kSamples - 1);
      if (footprint.distance(Vec2(from + share * (to - from))) < kAvatar.radius + kSideMargin) return false;
    }
  }
  return true;
}

Vec3 on_ground(const Task& task, const Vec2& point) {
  return {point.x(), point.y(), task.terrain.height(point.x(), point.y())};
}

/// Whether the ground on both sides lets a body over or under the bar.
bool passable(const Task& task, const Obstacle& bar, const Vec2& from, const Vec2& to) {
  const float bottom = bar.center.z() - bar.half_extents.z(), top = bar.center.z() + bar.half_extents.z();
  float lowest = 1e9F, highest = -1e9F;
  for (int s = 0; s < kSamples; ++s) {
    const Vec2 point = from + (to - from) * (static_cast<float>(s) / static_cast<float>(kSamples - 1));
    const float height = task.terrain.height(point.x(), point.y());
    lowest = std::min(lowest, height);
    highest = std::max(highest, height);
  }
  if (highest - lowest > kSteepestLink * (to - from).norm()) return false;
  if (bar.kind == SolidKind::low_bar) return top - lowest < kHighestJump;
  return bottom - highest > kAvatar.crouch_height + kLowestCrouch;
}

}  // namespace

std::vector<NavmeshLink> find_links(const Task& task) {
  std::vector<NavmeshLink> links;
  const float inside = task.terrain.half_size() - kAvatar.radius - kSideMargin;
  for (std::size_t i = 0; i < task.obstacles.size(); ++i) {
    const Obstacle& bar = task.obstacles[i];
    if (bar.kind != SolidKind::low_bar && bar.kind != SolidKind::overhead_bar) continue;
    const Footprint footprint(bar);
    const float reach = bar.half_extents.x() - kAvatar.radius - kSideMargin;
    const int steps = std::max(0, static_cast<int>(reach / kSpacing));
    for (int s = -steps; s <= steps; ++s) {
      const float x = static_cast<float>(s) * kSpacing;
      const Vec2 from = footprint.to_world({x, -kLinkReach}), to = footprint.to_world({x, kLinkReach});
      const Vec2 past = kOvershoot * (to - from).normalized();
      if (std::max(from.cwiseAbs().maxCoeff(), to.cwiseAbs().maxCoeff()) > inside || !passable(task, bar, from, to) ||
          !clear_of_goals(task, from - past, to + past) || !clear_of_obstacles(task, i, from, to))
        continue;
      links.push_back({on_ground(task, from), on_ground(task, to),
                       bar.kind == SolidKind::low_bar ? Passage::jump : Passage::crouch});
    }
  }
  return links;
}

}  // namespace medal
