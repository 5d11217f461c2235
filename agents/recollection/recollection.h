#pragma once

#include <nlohmann/json_fwd.hpp>
#include <vector>

#include "sim/base/vector.h"

namespace medal {

/// An event that an episodic memory holds.
struct RememberedEvent {
  Vec3 colour = Vec3::Zero();  ///< of the goal that was entered
  float reward = 0;            ///< that was told with it
  Vec2 place = Vec2::Zero();   ///< where it believes that to be: m forward and left of itself
};

/// As a list of objects.
nlohmann::ordered_json to_json(const std::vector<RememberedEvent>& events);

/// What one head looks up.
struct MemoryReading {
  Vec3 colour = Vec3::Zero();  ///< of what it found, blended where it found several
  float found = 0;             ///< how sure it is that there is such a thing, in [0, 1]
};

/// What of an episodic memory people are shown; empty where an agent has none.
struct Recollection {
  std::vector<RememberedEvent> events;  ///< newest first
  std::vector<MemoryReading> readings;  ///< of each head
};

}  // namespace medal
