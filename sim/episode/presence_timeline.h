#pragma once

#include <vector>

#include "sim/task/task_parameters.h"

namespace medal {

/// When one learner sees the expert: the initial state flips at the start of each listed control step.
struct PresenceTimeline {
  PresenceKind kind = PresenceKind::full;
  bool at_start = true;
  std::vector<int> toggles;  ///< ascending control steps > 0

  /// Whether the expert is seen at control step `step`.
  bool visible(int step) const;
  bool operator==(const PresenceTimeline&) const = default;
};

/// A fixed schedule; kind is full, half or solo.
PresenceTimeline fixed_presence(PresenceKind kind, int steps);

}  // namespace medal
