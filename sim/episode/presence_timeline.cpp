#include "sim/episode/presence_timeline.h"

#include <algorithm>

#include "sim/base/error.h"

namespace medal {

bool PresenceTimeline::visible(int step) const {
  const auto flips = std::upper_bound(toggles.begin(), toggles.end(), step) - toggles.begin();
  return at_start != (flips % 2 != 0);
}

PresenceTimeline fixed_presence(PresenceKind kind, int steps) {
  switch (kind) {
    case PresenceKind::full:
      return {kind, true, {}};
    case PresenceKind::solo:
      return {kind, false, {}};
    default:
      break;
  }
  MEDAL_CHECK(kind == PresenceKind::half, "only full, half and solo are fixed schedules");
  const int middle = steps / 2;
  if (middle < 1) return {kind, false, {}};
  return {kind, true, {middle}};
}

}  // namespace medal
