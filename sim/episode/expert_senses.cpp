#include "sim/episode/expert_senses.h"

#include "sim/episode/observation.h"

namespace medal {

ExpertSenses::ExpertSenses(const Task& task, const LidarCaster& lidar)
    : task_(task), lidar_(lidar), scene_(task), hits_(static_cast<std::size_t>(lidar.options().rays())) {}

void ExpertSenses::write(const AvatarState& self, const GoalHistory& history, const Action& last_action,
                         std::span<float> out) {
  last_reward_ = static_cast<float>(history.correct - before_.correct) -
                 task_.parameters.penalty * static_cast<float>(history.wrong - before_.wrong);
  before_ = history;
  lidar_.cast(scene_, self.eye(), self.yaw, {}, hits_);
  const Vec3 up = self.on_ground ? task_.terrain.normal(self.feet.x(), self.feet.y()) : Vec3(Vec3::UnitZ());
  write_observation(lidar_.options(), task_, hits_, {self, up, last_action, last_reward_}, out);
}

}  // namespace medal
