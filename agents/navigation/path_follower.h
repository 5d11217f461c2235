#pragma once

#include <cstddef>

#include "agents/navigation/navmesh.h"
#include "sim/task/avatar.h"

namespace medal {

/// What following a path asks for now.
struct FollowerWish {
  Vec2 velocity = Vec2::Zero();  ///< m/s, world frame
  bool jump = false;
  bool crouch = false;
  bool on_link = false;  ///< crossing a bar: not the time for a new path
};

/// Walks along a path's waypoints; jumps and crouches where the path says so.
class PathFollower {
 public:
  void start(Path path) {
    path_ = std::move(path);
    next_ = 0;
  }
  /// No way left to go.
  bool done() const { return next_ >= path_.waypoints.size(); }
  /// `speed`: top speed in m/s.
  FollowerWish follow(const AvatarState& self, float speed);

 private:
  FollowerWish walk(const Vec2& position, float speed);
  FollowerWish cross(const AvatarState& self, float speed);

  Path path_;
  std::size_t next_ = 0;  ///< waypoint headed for
};

}  // namespace medal
