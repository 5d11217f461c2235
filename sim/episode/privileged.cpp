#include "sim/episode/privileged.h"

#include <algorithm>

namespace medal {

namespace {

/// From the learner in its yaw frame, in units of kPrivilegedScale.
void write_relative(const AvatarState& learner, const Vec3& position, std::span<float> out) {
  const Vec3 relative = in_yaw_frame(position - learner.feet, learner.yaw) / kPrivilegedScale;
  for (std::size_t i = 0; i < 3; ++i) out[i] = relative[static_cast<Eigen::Index>(i)];
}

}  // namespace

void write_expert_place(const PrivilegedView& view, std::span<float> out) {
  write_relative(view.learner, view.expert.feet, out);
  out.back() = view.expert_visible ? 1.0F : 0.0F;
}

void write_order(const PrivilegedView& view, std::span<float> out) {
  std::fill(out.begin(), out.end(), 0.0F);
  std::array<int, kOrderTargetGoals> goals;
  if (!next_goals(view.task.parameters, view.task.order, view.learner_history, view.expert_history.direction, goals))
    return;
  write_relative(view.learner, view.task.goals[static_cast<std::size_t>(goals.front())].center, out);
  float* next = out.data() + 3;
  for (const int goal : goals)
    for (const float v : view.task.goals[static_cast<std::size_t>(goal)].colour) *next++ = v;
  out.back() = 1.0F;
}

void write_privileged(const PrivilegedView& view, std::span<float> out) {
  for (const PrivilegedTarget& target : kPrivilegedTargets) {
    target.write(view, out.first(static_cast<std::size_t>(target.length)));
    out = out.subspan(static_cast<std::size_t>(target.length));
  }
}

}  // namespace medal
