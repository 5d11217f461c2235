#pragma once

#include <array>
#include <span>
#include <string_view>

#include "sim/rewards/reward_rule.h"
#include "sim/task/avatar.h"
#include "sim/task/task.h"

namespace medal {

// Privileged training targets: what a learner's auxiliary heads are taught and its policy never sees.

/// What the targets of one learner are made of.
struct PrivilegedView {
  const Task& task;
  const AvatarState& learner;
  const AvatarState& expert;
  bool expert_visible;  ///< to this learner
  const GoalHistory& learner_history;
  const GoalHistory& expert_history;
};

inline constexpr float kPrivilegedScale = 10.0F;  ///< m, of relative positions
inline constexpr int kOrderTargetGoals = 3;

/// Expert's position relative to the learner in the learner's yaw frame, divided by kPrivilegedScale (3), hidden or
/// not; then 1 where the mask shows the expert, else 0.
void write_expert_place(const PrivilegedView& view, std::span<float> out);
/// Of the goals that pay the learner next, in their order: the first one's position relative to the learner as above
/// (3), the colours of kOrderTargetGoals of them (3 each), then 1. All 0 where these are not known.
void write_order(const PrivilegedView& view, std::span<float> out);

struct PrivilegedTarget {
  std::string_view name;
  int length;  ///< numbers; the last one is a mask, 0 or 1
  void (*write)(const PrivilegedView& view, std::span<float> out);
};

/// All there are, side by side. A head names the one that it is taught with.
inline constexpr std::array kPrivilegedTargets = {
    PrivilegedTarget{"expert_place", 3 + 1, write_expert_place},
    PrivilegedTarget{"order", 3 + 3 * kOrderTargetGoals + 1, write_order},
};

/// A target's place among a learner's privileged numbers.
struct PrivilegedSlice {
  int offset, length;
  constexpr int mask() const { return offset + length - 1; }
};
/// By the target's name; {kPrivilegedSize, 0} where there is none of that name.
constexpr PrivilegedSlice privileged_slice(std::string_view name) {
  int offset = 0;
  for (const PrivilegedTarget& target : kPrivilegedTargets) {
    if (target.name == name) return {offset, target.length};
    offset += target.length;
  }
  return {offset, 0};
}

inline constexpr int kPrivilegedSize = privileged_slice("").offset;

/// Writes all targets: kPrivilegedSize numbers. No allocation.
void write_privileged(const PrivilegedView& view, std::span<float> out);

}  // namespace medal
