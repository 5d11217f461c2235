#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>
#include <vector>

#include "sim/episode/observation.h"

namespace medal {

/// What an agent was trained to see, as its checkpoint keeps it.
struct ObservationRecord {
  struct Slice {
    std::string name;
    int length = 0;
    bool operator==(const Slice&) const = default;
  };
  int size = 0;               ///< numbers in an observation
  std::vector<Slice> slices;  ///< in their order; none where the file does not say (medal 0.1.0)
  int rings = 0;              ///< of LIDAR rays; 0 where the file does not say
};

ObservationRecord observation_record(const LidarOptions& lidar);

nlohmann::json observation_to_json(const ObservationRecord& record);
/// Throws nlohmann::json::exception on malformed text.
ObservationRecord observation_from_json(const nlohmann::json& source);

/// What an agent of that record would miss if it saw what `lidar` gives, such as "lidar_wall has 64 numbers, not 80";
/// empty where all it was trained on is there. What is new since can be left out (sensed_by).
std::string observation_difference(const ObservationRecord& trained, const LidarOptions& lidar);

/// Where what an agent senses lies among the numbers that the simulator gives now: its own layout, as it was trained,
/// and for each of its slices the offset in today's. Throws UserError where there is a difference;
/// `agent` begins the message, such as "this agent".
struct SensedSlices {
  ObservationLayout layout;
  std::vector<int> offsets;
};
SensedSlices sensed_by(const ObservationRecord& trained, const LidarOptions& lidar, const std::string& agent);

}  // namespace medal
