#include "experiments/card/numbers/walking.h"

#include <algorithm>
#include <cmath>

namespace medal {
namespace {

/// The part of the segment from `a` to `b`, as shares of it, that lies within +-`half` on one axis.
void clip(float a, float b, float half, float& begin, float& end) {
  const float way = b - a;
  if (std::abs(way) < 1e-9F) {
    if (std::abs(a) > half) end = -1;
    return;
  }
  const float to_low = (-half - a) / way, to_high = (half - a) / way;
  begin = std::max(begin, std::min(to_low, to_high));
  end = std::min(end, std::max(to_low, to_high));
}

bool crosses_on_path(const Footprint& footprint, std::span<const Vec2> path) {
  for (std::size_t i = 1; i < path.size(); ++i)
    if (crosses(footprint, path[i - 1], path[i])) return true;
  return false;
}

}  // namespace

bool crosses(const Footprint& footprint, const Vec2& from, const Vec2& to) {
  const Vec2 a = footprint.to_local(from), b = footprint.to_local(to);
  float begin = 0, end = 1;
  clip(a.x(), b.x(), footprint.half_extents.x(), begin, end);
  clip(a.y(), b.y(), footprint.half_extents.y(), begin, end);
  return begin <= end;
}

BarsMet bars_met(const Task& task, const Track& track) {
  BarsMet met;
  const auto place = [&](const GoalEntry& entry) -> Vec2 {
    return task.goals[static_cast<std::size_t>(entry.goal)].center.head<2>();
  };
  for (std::size_t i = 1; i < track.entries.size(); ++i) {
    const GoalEntry &from = track.entries[i - 1], &to = track.entries[i];
    const auto leg =
        std::span(track.path)
            .subspan(static_cast<std::size_t>(from.step), static_cast<std::size_t>(to.step - from.step) + 1);
    for (const Obstacle& obstacle : task.obstacles) {
      if (obstacle.kind != SolidKind::low_bar && obstacle.kind != SolidKind::overhead_bar) continue;
      const Footprint footprint(obstacle);
      if (!crosses(footprint, place(from), place(to))) continue;
      const bool crossed = crosses_on_path(footprint, leg);
      ++(obstacle.kind == SolidKind::low_bar ? (crossed ? met.low_crossed : met.low_avoided)
                                             : (crossed ? met.overhead_crossed : met.overhead_avoided));
    }
  }
  return met;
}

double stuck_share(std::span<const Vec2> path, float rate) {
  const auto second = static_cast<std::size_t>(std::lround(rate));
  if (path.size() <= second) return 0;
  std::size_t stuck = 0;
  for (std::size_t i = second; i < path.size(); ++i)
    if ((path[i] - path[i - second]).norm() < kStuckDistance) ++stuck;
  return static_cast<double>(stuck) / static_cast<double>(path.size() - second);
}

}  // namespace medal
