#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "sim/task/task.h"

namespace medal {

/// How a stretch of a path is passed.
enum class Passage : std::uint8_t { walk, jump, crouch };

/// Corner of a path. `passage` says how to get from here to the next one.
struct Waypoint {
  Vec3 position = Vec3::Zero();  ///< m, on the ground
  Passage passage = Passage::walk;
};

struct Path {
  std::vector<Waypoint> waypoints;  ///< begins at the start
  float length = 0.0F;              ///< m, seen from above
  bool complete = false;            ///< false: leads only as near as one can get
};

/// The voxels of a task's terrain and obstacles where a body can stand, eroded by its radius: what navmeshes of the
/// same geometry share. Never changes; may be read by several threads.
class WalkableGround {
 public:
  explicit WalkableGround(const Task& task);
  ~WalkableGround();
  WalkableGround(const WalkableGround&) = delete;

 private:
  friend class Navmesh;
  struct Implementation;
  std::unique_ptr<Implementation> implementation_;
};

/// Recast/Detour navmesh of one task. Discs around the goals are areas of their own, so that a path can be asked for
/// that enters none but the wanted one. Links lead over low bars (jump) and under overhead bars (crouch).
class Navmesh {
 public:
  Navmesh(const Task& task, const WalkableGround& ground);
  ~Navmesh();
  Navmesh(const Navmesh&) = delete;

  /// Shortest path from `from` to `to` that keeps out of all goals but `allowed`. Not const: Detour's query keeps
  /// scratch memory. Fewer than two waypoints when there is no ground near one of the ends.
  Path find_path(const Vec3& from, const Vec3& to, GoalSet allowed);
  /// The point of the walkable ground nearest to `point`; `point` itself when there is none within 5 m.
  Vec3 nearest_ground(const Vec3& point) const;

 private:
  struct Implementation;
  std::unique_ptr<Implementation> implementation_;
};

}  // namespace medal
