#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "sim/task_parameters.h"
#include "sim/terrain.h"
#include "sim/vector.h"

namespace medal {

/// Most learners that one world can hold.
inline constexpr int kMaximumLearners = 16;

/// Values are the solid kinds that LIDAR tells apart.
enum class SolidKind : std::uint8_t { terrain, upright, low_bar, overhead_bar, wall };
inline constexpr int kSolidKinds = 5;
inline constexpr std::array<std::string_view, kSolidKinds> kSolidNames = {"terrain", "upright", "low_bar",
                                                                          "overhead_bar", "wall"};

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

/// Pure: the same arguments give the same task, bit for bit. Every goal and spawn can be reached on foot, without
/// jumping or crouching. Throws UserError when no layout is found (say 8 goals 8 m apart in 8 m), naming the knobs to
/// change.
Task generate_task(const TaskParameters& parameters, std::uint64_t seed, std::uint64_t geometry_seed);

/// The usual case: geometry drawn from the same seed.
Task generate_task(const TaskParameters& parameters, std::uint64_t seed);

/// Number of crossings between the chords of a closed tour (Vec2 in visiting order).
int count_crossings(const std::vector<Vec2>& tour);

/// Lossless JSON text of a task (versioned), and back. Throws UserError on malformed text.
std::string task_to_json(const Task& task);
Task task_from_json(const std::string& text);

}  // namespace medal
