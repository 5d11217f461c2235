#pragma once

#include <memory>
#include <span>

#include "sim/episode/observation.h"
#include "sim/lidar/lidar.h"

namespace medal {

/// The same world the obvious way: a stock btDiscreteDynamicsWorld (GJK contacts, all boxes refreshed in each step, ten
/// solver iterations) and one `rayTest` for each LIDAR ray. What `medal bench sim` compares with. No bot plans here, no
/// entry pays, and avatars steer by setting their level velocity, so that the comparison flatters it.
class PlainBulletWorld {
 public:
  /// Avatar 0 is the expert, 1 .. learners follow, as in an Episode.
  PlainBulletWorld(const Task& task, int learners, const LidarOptions& lidar);
  ~PlainBulletWorld();

  /// One control step: substeps of the task. One action for each avatar, the expert's first.
  void step(std::span<const Action> actions);
  /// As Episode::observe with the expert in view, but for the up vector and touching ground.
  void observe(int learner, std::span<float> out);

 private:
  struct Implementation;
  std::unique_ptr<Implementation> implementation_;
};

}  // namespace medal
