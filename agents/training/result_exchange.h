#pragma once

#include <string>
#include <vector>

#include "sim/base/named_numbers.h"
#include "sim/episode/batched_environment.h"

namespace medal {

/// Training episodes that ended, and what is told of them.
struct FinishedEpisodes {
  std::vector<EpisodeResult> results;
  NamedMeans metrics;
};

/// One rank's as bytes for an all-gather. Of each result there is what the curriculum needs: world, episode, its
/// tag, presence kinds, parameters and scores. The rest of the spec (seeds, timelines) stays behind. All ranks are the
/// same program: these bytes are never kept.
std::string pack_episodes(const FinishedEpisodes& episodes);

/// All ranks', the results in the order of (world, episode).
FinishedEpisodes merge_episodes(const std::vector<std::string>& packed);

}  // namespace medal
