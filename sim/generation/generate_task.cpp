#include "sim/generation/generate_task.h"

#include <cstdio>

#include "sim/base/error.h"
#include "sim/generation/generate_obstacles.h"
#include "sim/generation/goal_colours.h"
#include "sim/generation/layout.h"

namespace medal {

namespace {

// Independent streams of the two seeds.
constexpr std::uint64_t kTerrainStream = 1, kObstacleStream = 2, kLayoutStream = 3, kColourStream = 4;

constexpr int kLayoutTries = 200;  // before the knobs count as impossible

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
  colour_goals(parameters, task.goals, colour_random);
  return task;
}

Task generate_task(const TaskParameters& parameters, std::uint64_t seed) {
  return generate_task(parameters, seed, seed);
}

}  // namespace medal
