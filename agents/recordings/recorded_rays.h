#pragma once

#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <vector>

#include "sim/episode/episode.h"

namespace medal {

/// What rays met while an episode was recorded: after each second those of one learner, of each in turn.
struct RecordedRays {
  LidarOptions lidar;
  int every = 0;             ///< control steps from one look to the next, at least 1
  std::vector<RayHit> hits;  ///< [look][ray]; look i is after step (i + 1) * every

  int looks() const { return static_cast<int>(hits.size()) / lidar.rays(); }
  /// Whose rays a look has.
  int learner_of(int look, int learners) const { return look % learners; }
  /// Keeps what was met in the first `steps` control steps.
  void cut(int steps);
};

/// A ray that met something else than was recorded.
struct RayDifference {
  int step = 0;  ///< control steps done
  int learner = 0, ray = 0;
  RayHit recorded, met;
};

/// What the recorded rays of the step that the episode has come to differ in first, where there are some. Vector paths
/// agree within a centimetre, and which side of an edge a ray falls on may be either: what rays beside it by a hair
/// meet counts as met too.
std::optional<RayDifference> ray_difference(const RecordedRays& rays, const Episode& episode);

/// For CBOR. Distances are in whole centimetres.
nlohmann::json recorded_rays_to_json(const RecordedRays& rays);
/// `writer` is the version of the program that wrote it. Throws UserError on what this program does not know, and
/// nlohmann::json::exception on malformed text.
RecordedRays recorded_rays_from_json(const nlohmann::json& source, const std::string& writer);

}  // namespace medal
