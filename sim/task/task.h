#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "sim/base/vector.h"
#include "sim/task/task_parameters.h"
#include "sim/task/terrain.h"

namespace medal {

/// Most learners that one world can hold.
inline constexpr int kMaximumLearners = 16;

/// The solids that LIDAR tells apart.
#define MEDAL_SOLIDS(kind) kind(terrain) kind(upright) kind(low_bar) kind(overhead_bar) kind(wall)
enum class SolidKind : std::uint8_t { MEDAL_SOLIDS(MEDAL_ENUMERATOR) };
inline constexpr auto kSolidNames = std::to_array<std::string_view>({MEDAL_SOLIDS(MEDAL_NAME)});
inline constexpr int kSolidKinds = static_cast<int>(kSolidNames.size());
constexpr std::string_view name_of(SolidKind kind) { return kSolidNames[static_cast<std::size_t>(kind)]; }

/// Some of a task's goals: bit g for goal g.
using GoalSet = std::uint32_t;
static_assert(kMaximumGoals <= 32);

/// A static box, rotated about Z only.
struct Obstacle {
  SolidKind kind = SolidKind::upright;
  Vec3 center = Vec3::Zero();        ///< m
  Vec3 half_extents = Vec3::Ones();  ///< m, in the box's own frame
  float yaw = 0.0F;                  ///< rad
};

struct Goal {
  Vec3 center = Vec3::Zero();  ///< m
  float radius = 1.0F;         ///< m
  Vec3 colour = Vec3::Ones();  ///< RGB in [0, 1]; says nothing about the order
};

struct Spawn {
  Vec3 feet = Vec3::Zero();  ///< m, on the ground
  float yaw = 0.0F;          ///< rad
};

/// A fully expanded task: never changes while it is played.
struct Task {
  TaskParameters parameters;
  std::uint64_t seed = 0;           ///< draws goals, order, colours and spawns
  std::uint64_t geometry_seed = 0;  ///< draws terrain and obstacles
  Terrain terrain;
  std::vector<Obstacle> obstacles;
  std::vector<Goal> goals;
  std::vector<int> order;  ///< goal indices in the hidden cyclic order
  Spawn expert_spawn;
  std::vector<Spawn> learner_spawns;  ///< kMaximumLearners of them
  int crossings = 0;                  ///< of the closed correct tour, measured
  int rejected_layouts = 0;           ///< impossible layouts thrown away on the way to this one
};

/// Lossless JSON text of a task (versioned), and back. Throws UserError on malformed text.
std::string task_to_json(const Task& task);
Task task_from_json(const std::string& text);

}  // namespace medal
