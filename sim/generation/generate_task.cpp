#include "sim/generation/generate_task.h"

#include <algorithm>
#include <cmath>
#include <numbers>
#include <numeric>
#include <optional>

#include "sim/base/error.h"
#include "sim/generation/crossings.h"
#include "sim/generation/generate_obstacles.h"
#include "sim/generation/walk_grid.h"
#include "sim/task/avatar.h"
#include "sim/task/footprint.h"

namespace medal {

namespace {

// Independent streams of the two seeds.
constexpr std::uint64_t kTerrainStream = 1, kObstacleStream = 2, kLayoutStream = 3, kColourStream = 4;

constexpr int kLayoutTries = 200;
constexpr int kPointTries = 100;      // for one goal or spawn
constexpr int kOrderTries = 200;      // until the wanted number of crossings
constexpr float kBodyMargin = 0.15F;  // m kept between a walking body and what it must not touch
constexpr float kGoalMargin = 0.2F;   // m between a sphere and walls or obstacles
constexpr float kGoalHeight = 0.9F;   // of the radius: a goal's centre above the ground
constexpr float kSpawnToGoal = 0.6F;  // m between a spawning body and a sphere
constexpr float kSpawnToSolid = 1.0F;

/// Terrain and obstacles, and what they leave free.
struct Geometry {
  std::vector<Footprint> footprints;
  WalkGrid walkable;
};

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
  const float clearance = p.goal_radius + kGoalMargin;
  std::vector<Vec2> goals;
  while (static_cast<int>(goals.size()) < p.goals) {
    const auto point = find_point(half_size - clearance, random, [&](const Vec2& candidate) {
      return std::all_of(goals.begin(), goals.end(),
                         [&](const Vec2& other) { return (candidate - other).norm() >= p.goal_spacing; }) &&
             clear_of(geometry.footprints, candidate, clearance);
    });
    if (!point) break;
    goals.push_back(*point);
  }
  return goals;
}

/// Where a body can walk without touching any goal, from the largest such region's point of view: the cells reachable
/// from `start`.
WalkGrid without_goals(const WalkGrid& walkable, const std::vector<Vec2>& goals, float body_reach) {
  WalkGrid grid = walkable;
  for (const Vec2& goal : goals) grid.block_disc(goal, body_reach);
  return grid;
}

/// Whether a body can step into the goal from the cells: from eight sides at least one is among them.
bool touches(const WalkGrid& grid, const WalkGrid::Cells& cells, const Vec2& goal, float body_reach, float cell) {
  for (int k = 0; k < 16; ++k) {
    const float angle = static_cast<float>(k) * std::numbers::pi_v<float> / 8.0F;
    const Vec2 beside = goal + (body_reach + cell) * Vec2(std::cos(angle), std::sin(angle));
    if (grid.is_free(beside) && grid.contains(cells, beside)) return true;
  }
  return false;
}

/// A uniform permutation, among those with the wanted number of crossings; empty when none was met.
std::vector<int> draw_order(const TaskParameters& p, const std::vector<Vec2>& goals, Random& random) {
  std::vector<int> order(goals.size());
  std::iota(order.begin(), order.end(), 0);
  std::vector<Vec2> tour(goals.size());
  for (int attempt = 0; attempt < kOrderTries; ++attempt) {
    random.shuffle(std::span(order));
    if (p.crossings < 0) return order;
    for (std::size_t i = 0; i < order.size(); ++i) tour[i] = goals[static_cast<std::size_t>(order[i])];
    if (count_crossings(tour) == p.crossings) return order;
  }
  return {};
}

/// Feet of a body that rests on the ground there without sinking in: a capsule on a slope stands a little higher than
/// the ground below its axis.
Spawn stand_at(const Terrain& terrain, const Vec2& point, float yaw) {
  float center = -1e9F;  // of the capsule's lower half sphere
  constexpr int kRings = 3, kSides = 8;
  for (int ring = 0; ring <= kRings; ++ring)
    for (int side = 0; side < kSides; ++side) {
      const float distance = kAvatar.radius * static_cast<float>(ring) / static_cast<float>(kRings + 1);
      const float angle = static_cast<float>(side) * std::numbers::pi_v<float> / (0.5F * kSides);
      const float height =
          terrain.height(point.x() + distance * std::cos(angle), point.y() + distance * std::sin(angle));
      center = std::max(center, height + std::sqrt(kAvatar.radius * kAvatar.radius - distance * distance));
    }
  return {Vec3(point.x(), point.y(), center - kAvatar.radius), yaw};
}

Vec3 hue_to_rgb(float hue) {
  const auto channel = [&](float offset) {
    const float k = std::fmod(offset + 6.0F * hue, 6.0F);
    return 1.0F - std::clamp(std::min(k, 4.0F - k), 0.0F, 1.0F);
  };
  return {channel(5.0F), channel(3.0F), channel(1.0F)};
}

/// Hues evenly apart, so that goals can be told from each other.
void colour_goals(std::vector<Goal>& goals, Random& random) {
  const float offset = random.uniform();
  for (std::size_t i = 0; i < goals.size(); ++i) {
    const float hue = offset + static_cast<float>(i) / static_cast<float>(goals.size());
    goals[i].colour = hue_to_rgb(hue - std::floor(hue));
  }
}

/// One try to place everything that `seed` draws. False when it does not fit.
bool try_layout(Task& task, const Geometry& geometry, Random& random) {
  const TaskParameters& p = task.parameters;
  const float half_size = task.terrain.half_size();
  const float cell = task.terrain.size() / static_cast<float>(WalkGrid::kSide);
  const float body_reach = p.goal_radius + kAvatar.radius + kBodyMargin;

  const std::vector<Vec2> goals = draw_goals(p, geometry, half_size, random);
  if (static_cast<int>(goals.size()) < p.goals) return false;
  task.order = draw_order(p, goals, random);
  if (task.order.empty()) return false;

  const WalkGrid grid = without_goals(geometry.walkable, goals, body_reach);
  const auto is_spawn = [&](const Vec2& point) {
    return grid.is_free(point) && clear_of(geometry.footprints, point, kSpawnToSolid) &&
           std::all_of(goals.begin(), goals.end(), [&](const Vec2& goal) {
             return (goal - point).norm() >= p.goal_radius + kAvatar.radius + kSpawnToGoal;
           });
  };
  const float reach = half_size - kSpawnToSolid;
  const auto expert = find_point(reach, random, is_spawn);
  if (!expert) return false;
  const WalkGrid::Cells cells = grid.reachable(*expert);
  for (const Vec2& goal : goals)
    if (!touches(grid, cells, goal, body_reach, cell)) return false;

  const auto draw_yaw = [&] { return random.uniform(-std::numbers::pi_v<float>, std::numbers::pi_v<float>); };
  task.expert_spawn = stand_at(task.terrain, *expert, draw_yaw());
  task.learner_spawns.clear();
  while (task.learner_spawns.size() < kMaximumLearners) {
    const auto point = find_point(
        reach, random, [&](const Vec2& candidate) { return is_spawn(candidate) && grid.contains(cells, candidate); });
    if (!point) return false;
    task.learner_spawns.push_back(stand_at(task.terrain, *point, draw_yaw()));
  }

  task.goals.clear();
  std::vector<Vec2> tour;
  for (const Vec2& goal : goals) {
    const float z = task.terrain.height(goal.x(), goal.y()) + kGoalHeight * p.goal_radius;
    task.goals.push_back({Vec3(goal.x(), goal.y(), z), p.goal_radius, Vec3::Ones()});
  }
  for (int goal : task.order) tour.push_back(goals[static_cast<std::size_t>(goal)]);
  task.crossings = count_crossings(tour);
  return true;
}

[[noreturn]] void reject_parameters(const TaskParameters& p) {
  char text[320];
  std::snprintf(
      text, sizeof text,
      "no layout of %d goals of radius %g m, %g m apart, with %s crossings fits into an arena of %g m with these "
      "obstacles; lower goals, goal_spacing or the densities, raise arena_size, or set crossings = -1",
      p.goals, static_cast<double>(p.goal_radius), static_cast<double>(p.goal_spacing),
      p.crossings < 0 ? "any" : std::to_string(p.crossings).c_str(), static_cast<double>(p.arena_size));
  throw UserError(text);
}

}  // namespace

Task generate_task(const TaskParameters& parameters, std::uint64_t seed, std::uint64_t geometry_seed) {
  Task task;
  task.parameters = parameters;
  task.seed = seed;
  task.geometry_seed = geometry_seed;
  Random terrain_random(geometry_seed, kTerrainStream), obstacle_random(geometry_seed, kObstacleStream);
  task.terrain = generate_terrain(parameters.arena_size, parameters.bumpiness, terrain_random);
  task.obstacles = generate_obstacles(parameters, task.terrain, obstacle_random);
  const Geometry geometry = survey(task);

  Random layout_random(seed, kLayoutStream), colour_random(seed, kColourStream);
  while (!try_layout(task, geometry, layout_random))
    if (++task.rejected_layouts == kLayoutTries) reject_parameters(parameters);
  colour_goals(task.goals, colour_random);
  return task;
}

Task generate_task(const TaskParameters& parameters, std::uint64_t seed) {
  return generate_task(parameters, seed, seed);
}

}  // namespace medal
