#pragma once

#include <span>
#include <string>
#include <vector>

#include "sim/episode/batched_environment.h"

namespace medal {

/// What curriculum and metrics need of finished episodes, as bytes for an all-gather: world, episode, the curriculum's
/// tag, presence kinds, parameters and scores. The rest of the spec (seeds, timelines) stays behind. All ranks are the
/// same program: these bytes are never kept.
std::string pack_results(std::span<const EpisodeResult> results);

/// All ranks' results in the order of (world, episode).
std::vector<EpisodeResult> merge_results(const std::vector<std::string>& packed);

}  // namespace medal
