#include "sim/generation/layout.h"

#include <algorithm>
#include <cmath>
#include <numbers>
#include <numeric>
#include <optional>

#include "sim/generation/crossings.h"
#include "sim/task/avatar.h"

namespace medal {

namespace {

constexpr int kPointTries = 100;      // for one goal or spawn
constexpr int kOrderTries = 200;      // until the wanted number of crossings
constexpr float kBodyMargin = 0.15F;  // m kept between a walking body and what it must not touch
constexpr float kGoalMargin = 0.2F;   // m between a sphere and walls or obstacles
constexpr float kGoalHeight = 0.9F;   // of the radius: a goal's centre above the ground
constexpr float kSpawnToGoal = 0.6F;  // m between a spawning body and a sphere
constexpr float kSpawnToSolid = 1.0F;
constexpr int kSides = 16;  // from which a goal is looked at for a way in

bool clear_of(const std::vector<Footprint>& footprints, const Vec2& point, float clearance) {
  return std::none_of(footprints.begin(), footprints.end(),
                      [&](const Footprint& footprint) { return footprint.distance(point) < clearance; });
}

Vec2 draw_point(float reach, Random& random) {
  const float x = random.uniform(-reach, reach);
  return {x, random.uniform(-reach, reach)};
}

/// A point within +-reach that `accept` takes, or nothing after kPointTries.
template <class Accept>
std::optional<Vec2> find_point(float reach, Random& random, Accept&& accept) {
  for (int attempt = 0; attempt < kPointTries; ++attempt) {
    const Vec2 point = draw_point(reach, random);
    if (accept(point)) return point;
  }
  return std::nullopt;
}

/// Horizontal places of the goals; fewer than wanted when they do not fit.
std::vector<Vec2> draw_goals(const TaskParameters& p, const Geometry& geometry, float half_size, Random& random) {
  const float clearance = p.goal_radius + kGoalMargin, spacing = std::max(p.goal_spacing, 2 * p.goal_radius);
  std::vector<Vec2> goals;
  while (static_cast<int>(goals.size()) < p.goals) {
    const auto point = find_point(half_size - clearance, random, [&](const Vec2& candidate) {
      return std::all_of(goals.begin(), goals.end(),
                         [&](const Vec2& other) { return (candidate - other).norm() >= spacing; }) &&
             clear_of(geometry.footprints, candidate, clearance);
    });
    if (!point) break;
    goals.push_back(*point);
  }
  return goals;
}

/// Goals in the order in which they are visited.
std::vector<Vec2> tour_of(const std::vector<int>& order, const std::vector<Vec2>& goals) {
  std::vector<Vec2> tour;
  for (int goal : order) tour.push_back(goals[static_cast<std::size_t>(goal)]);
  return tour;
}

/// A uniform permutation, among those with the wanted number of crossings; empty when none was met.
std::vector<int> draw_order(const TaskParameters& p, const std::vector<Vec2>& goals, Random& random) {
  std::vector<int> order(goals.size());
  std::iota(order.begin(), order.end(), 0);
  for (int attempt = 0; attempt < kOrderTries; ++attempt) {
    random.shuffle(std::span(order));
    if (p.crossings < 0) return order;
    if (count_crossings(tour_of(order, goals)) == p.crossings) return order;
  }
  return {};
}

/// How near a walking body's middle may come to a goal that it must not touch, in m.
float body_reach(const TaskParameters& p) { return p.goal_radius + kAvatar.radius + kBodyMargin; }

/// Where a body can walk without touching any goal.
WalkGrid without_goals(const WalkGrid& walkable, const std::vector<Vec2>& goals, float reach) {
  WalkGrid grid = walkable;
  for (const Vec2& goal : goals) grid.block_disc(goal, reach);
  return grid;
}

/// Whether a body can step into the goal from the cells, from at least one of kSides sides.
bool can_enter(const WalkGrid& grid, const WalkGrid::Cells& cells, const Vec2& goal, float distance) {
  for (int side = 0; side < kSides; ++side) {
    const float angle = static_cast<float>(side) * std::numbers::pi_v<float> / (0.5F * kSides);
    const Vec2 beside = goal + distance * Vec2(std::cos(angle), std::sin(angle));
    if (grid.is_free(beside) && grid.contains(cells, beside)) return true;
  }
  return false;
}

/// Feet of a body that rests on the ground there without sinking in: a capsule on a slope stands a little higher than
/// the ground below its axis.
Spawn stand_at(const Terrain& terrain, const Vec2& point, float yaw) {
  float center = -1e9F;  // of the capsule's lower half sphere
  constexpr int kRings = 3, kPoints = 8;
  for (int ring = 0; ring <= kRings; ++ring)
    for (int point_of_ring = 0; point_of_ring < kPoints; ++point_of_ring) {
      const float distance = kAvatar.radius * static_cast<float>(ring) / static_cast<float>(kRings + 1);
      const float angle = static_cast<float>(point_of_ring) * std::numbers::pi_v<float> / (0.5F * kPoints);
      const float height =
          terrain.height(point.x() + distance * std::cos(angle), point.y() + distance * std::sin(angle));
      center = std::max(center, height + std::sqrt(kAvatar.radius * kAvatar.radius - distance * distance));
    }
  return {Vec3(point.x(), point.y(), center - kAvatar.radius), yaw};
}

/// The expert first, then learners where they can walk to it and to every goal without touching another. False where
/// there are no such places.
bool draw_spawns(Task& task, const Geometry& geometry, const std::vector<Vec2>& goals, Random& random) {
  const TaskParameters& p = task.parameters;
  const float cell = task.terrain.size() / static_cast<float>(WalkGrid::kSide);
  const WalkGrid grid = without_goals(geometry.walkable, goals, body_reach(p));
  const auto is_spawn = [&](const Vec2& point) {
    return grid.is_free(point) && clear_of(geometry.footprints, point, kSpawnToSolid) &&
           std::all_of(goals.begin(), goals.end(), [&](const Vec2& goal) {
             return (goal - point).norm() >= p.goal_radius + kAvatar.radius + kSpawnToGoal;
           });
  };
  const auto stand = [&](const Vec2& point) {
    return stand_at(task.terrain, point, random.uniform(-std::numbers::pi_v<float>, std::numbers::pi_v<float>));
  };
  const float reach = task.terrain.half_size() - kSpawnToSolid;
  const auto expert = find_point(reach, random, is_spawn);
  if (!expert) return false;
  const WalkGrid::Cells cells = grid.reachable(*expert);
  for (const Vec2& goal : goals)
    if (!can_enter(grid, cells, goal, body_reach(p) + cell)) return false;
  task.expert_spawn = stand(*expert);
  task.learner_spawns.clear();
  while (task.learner_spawns.size() < kMaximumLearners) {
    const auto point =
        find_point(reach, random, [&](const Vec2& at) { return is_spawn(at) && grid.contains(cells, at); });
    if (!point) return false;
    task.learner_spawns.push_back(stand(*point));
  }
  return true;
}

/// Spheres at these places, a part of them in the ground.
std::vector<Goal> spheres_at(const std::vector<Vec2>& places, const Terrain& terrain, float radius) {
  std::vector<Goal> goals;
  for (const Vec2& place : places)
    goals.push_back({Vec3(place.x(), place.y(), terrain.height(place.x(), place.y()) + kGoalHeight * radius), radius,
                     Vec3::Ones()});
  return goals;
}

}  // namespace

Geometry survey(const Task& task) {
  const float half_cell = 0.5F * task.terrain.size() / static_cast<float>(WalkGrid::kSide);
  Geometry geometry{{}, WalkGrid(task.terrain.size(), kAvatar.radius + kBodyMargin)};
  geometry.walkable.block_steep(task.terrain, kAvatar.max_slope);
  for (const Obstacle& obstacle : task.obstacles) {
    geometry.footprints.emplace_back(obstacle);
    geometry.walkable.block(geometry.footprints.back(), kAvatar.radius + kBodyMargin + half_cell);
  }
  return geometry;
}

bool try_layout(Task& task, const Geometry& geometry, Random& random) {
  const TaskParameters& p = task.parameters;
  const std::vector<Vec2> goals = draw_goals(p, geometry, task.terrain.half_size(), random);
  if (static_cast<int>(goals.size()) < p.goals) return false;
  task.order = draw_order(p, goals, random);
  if (task.order.empty() || !draw_spawns(task, geometry, goals, random)) return false;
  task.goals = spheres_at(goals, task.terrain, p.goal_radius);
  task.crossings = count_crossings(tour_of(task.order, goals));
  return true;
}

}  // namespace medal
