#include "agents/navigation/navmesh.h"

#include <algorithm>
#include <cmath>
#include <set>
#include <string>

#include "agents/navigation/navmesh_cache.h"
#include "agents/navigation/navmesh_links.h"
#include "sim/generation/generate_task.h"
#include "sim/task/avatar.h"
#include "sim/task/footprint.h"
#include "tests/support/catch.h"

using namespace medal;

namespace {

/// Least distance, on the map, between a point and the path's walked stretches, sampled every 5 cm.
float distance_to_path(const Path& path, const Vec2& point) {
  float least = 1e9F;
  for (std::size_t i = 1; i < path.waypoints.size(); ++i) {
    const Vec2 a = path.waypoints[i - 1].position.head<2>(), b = path.waypoints[i].position.head<2>();
    const int samples = 1 + static_cast<int>((b - a).norm() / 0.05F);
    for (int s = 0; s <= samples; ++s)
      least = std::min(least, (a + (b - a) * (static_cast<float>(s) / static_cast<float>(samples)) - point).norm());
  }
  return least;
}

GoalSet only(int goal) { return GoalSet{1} << goal; }

constexpr float kNearby = 0.3F;         // m: ends of a path lie on the mesh, whose cells are 0.2 m wide
constexpr float kContourError = 0.17F;  // m by which contours may cut a corner: 0.8 cells, and rounding

/// Between a footprint and points of a line, 1 cm apart.
float least_distance(const Footprint& footprint, const Vec2& a, const Vec2& b) {
  float least = 1e9F;
  const int samples = 1 + static_cast<int>((b - a).norm() / 0.01F);
  for (int s = 0; s <= samples; ++s)
    least =
        std::min(least, footprint.distance(Vec2(a + (b - a) * (static_cast<float>(s) / static_cast<float>(samples)))));
  return least;
}

}  // namespace

TEST_CASE("every goal and every spawn of full-difficulty tasks can be reached without touching another goal") {
  const TaskParameters full_difficulty;
  for (std::uint64_t seed = 1; seed <= 60; ++seed) {
    const Task task = generate_task(full_difficulty, seed);
    const WalkableGround ground(task);
    Navmesh navmesh(task, ground);
    for (int goal = 0; goal < static_cast<int>(task.goals.size()); ++goal) {
      const Path path =
          navmesh.find_path(task.expert_spawn.feet, task.goals[static_cast<std::size_t>(goal)].center, only(goal));
      INFO("seed " << seed << " goal " << goal);
      CHECK(path.complete);
      REQUIRE(path.waypoints.size() >= 2);
      const Goal& wanted = task.goals[static_cast<std::size_t>(goal)];
      CHECK((path.waypoints.front().position - task.expert_spawn.feet).head<2>().norm() < kNearby);
      CHECK((path.waypoints.back().position - wanted.center).head<2>().norm() < kNearby);
      for (int other = 0; other < static_cast<int>(task.goals.size()); ++other) {
        if (other == goal) continue;
        const Goal& sphere = task.goals[static_cast<std::size_t>(other)];
        // The contours of the discs may be simplified by up to a voxel.
        CHECK(distance_to_path(path, sphere.center.head<2>()) > sphere.radius + kAvatar.radius - 0.1F);
      }
    }
    for (const Spawn& spawn : task.learner_spawns)
      CHECK(navmesh.find_path(task.expert_spawn.feet, spawn.feet, 0).complete);
  }
}

TEST_CASE("paths keep a body's radius from upright obstacles") {
  TaskParameters parameters;
  parameters.upright_density = 0.04F;
  parameters.low_bar_density = parameters.overhead_bar_density = 0;
  float nearest = 1e9F;
  int round_obstacles = 0;  // paths that would be straight without them
  for (std::uint64_t seed = 1; seed <= 30; ++seed) {
    const Task task = generate_task(parameters, seed);
    const WalkableGround ground(task);
    Navmesh navmesh(task, ground);
    const Path path = navmesh.find_path(task.expert_spawn.feet, task.goals[0].center, only(0));
    REQUIRE(path.complete);
    REQUIRE(path.waypoints.size() >= 2);
    const Vec2 start = task.expert_spawn.feet.head<2>(), end = task.goals[0].center.head<2>();
    bool in_the_way = false;
    for (const Obstacle& obstacle : task.obstacles) {
      const Footprint footprint(obstacle);
      in_the_way |= least_distance(footprint, start, end) < kAvatar.radius;
      for (std::size_t i = 1; i < path.waypoints.size(); ++i)
        nearest = std::min(nearest, least_distance(footprint, path.waypoints[i - 1].position.head<2>(),
                                                   path.waypoints[i].position.head<2>()));
    }
    round_obstacles += in_the_way;
  }
  CHECK(round_obstacles > 10);
  CHECK(nearest > kAvatar.radius - kContourError);
}

TEST_CASE("links lead from one side of a bar to the other, clear of goals") {
  TaskParameters parameters;
  parameters.low_bar_density = parameters.overhead_bar_density = 0.02F;
  int jumps = 0, crouches = 0;
  for (std::uint64_t seed = 1; seed <= 50; ++seed) {
    const Task task = generate_task(parameters, seed);
    for (const NavmeshLink& link : find_links(task)) {
      (link.passage == Passage::jump ? jumps : crouches) += 1;
      CHECK((link.to - link.from).head<2>().norm() == Approx(2 * kLinkReach).margin(1e-3));
      const SolidKind kind = link.passage == Passage::jump ? SolidKind::low_bar : SolidKind::overhead_bar;
      const Vec2 middle = 0.5F * (link.from + link.to).head<2>();
      CHECK(std::any_of(task.obstacles.begin(), task.obstacles.end(), [&](const Obstacle& bar) {
        return bar.kind == kind && Footprint(bar).distance(middle) < 0.01F;
      }));
      for (const Vec3& end : {link.from, link.to}) {
        CHECK(end.head<2>().cwiseAbs().maxCoeff() < task.terrain.half_size());
        for (const Goal& goal : task.goals) CHECK((end - goal.center).head<2>().norm() > goal.radius + kAvatar.radius);
      }
    }
  }
  CHECK(jumps > 100);
  CHECK(crouches > 100);
}

TEST_CASE("a task without ground to walk on gives empty paths and no crash") {
  Task task = generate_task(TaskParameters{}, 1);
  for (std::int16_t& height : task.terrain.heights) height = 0;
  for (std::size_t i = 0; i < task.terrain.heights.size(); i += 2) task.terrain.heights[i] = 30000;  // spikes of 29 m
  const WalkableGround ground(task);
  Navmesh navmesh(task, ground);
  CHECK(navmesh.find_path(task.expert_spawn.feet, task.goals[0].center, only(0)).waypoints.size() < 2);
  const Vec3 point(1, 2, 3);
  CHECK(navmesh.nearest_ground(point) == point);
}

TEST_CASE("the cache keeps the geometries used last") {
  NavmeshCache cache(2);
  TaskParameters parameters;
  const Task a = generate_task(parameters, 1), b = generate_task(parameters, 2), c = generate_task(parameters, 3);
  const auto first = cache.ground(a);
  CHECK(cache.ground(a) == first);
  cache.ground(b);
  CHECK(cache.ground(a) == first);
  cache.ground(c);  // b was used longest ago
  CHECK(cache.ground(a) == first);
  CHECK(cache.statistics().builds == 3);
  CHECK(cache.statistics().hits == 3);
  // New goals on the same terrain and obstacles share the ground.
  CHECK(cache.ground(generate_task(parameters, 77, a.geometry_seed)) == first);
}

TEST_CASE("a ground is kept for its geometry: a change of any geometry knob makes another, of any other knob none") {
  const Task task = generate_task(TaskParameters{}, 1);
  std::set<std::string> geometry_knobs, rebuilt;
  GeometryParameters geometry;
  describe(geometry, [&](const Field& field, auto&) { geometry_knobs.emplace(field.name); });
  TaskParameters any;
  describe(any, [&](const Field& changed, auto&) {
    NavmeshCache cache(2);
    Task other = task;
    describe(other.parameters, [&](const Field& field, auto& value) {
      using Value = std::remove_cvref_t<decltype(value)>;
      if (field.name == changed.name) value = static_cast<Value>(value == Value(field.low) ? field.high : field.low);
    });
    REQUIRE_FALSE(other.parameters == task.parameters);
    cache.ground(task);
    cache.ground(other);
    if (cache.statistics().builds == 2) rebuilt.emplace(changed.name);
  });
  CHECK(rebuilt == geometry_knobs);
  CHECK(!geometry_knobs.empty());
}

TEST_CASE("terrain and obstacles follow from the geometry knobs and the geometry seed alone") {
  const Task task = generate_task(TaskParameters{}, 1);
  TaskParameters others;
  others.goals = 3;
  others.goal_radius = 0.5F;
  others.control_rate = 20;
  others.expert = ExpertKind::absent;
  const Task other = generate_task(others, 2, task.geometry_seed);
  CHECK(other.terrain.heights == task.terrain.heights);
  REQUIRE(other.obstacles.size() == task.obstacles.size());
  for (std::size_t i = 0; i < task.obstacles.size(); ++i) CHECK(other.obstacles[i].center == task.obstacles[i].center);
}
