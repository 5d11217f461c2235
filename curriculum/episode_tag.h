#pragma once

#include <cstdint>

namespace medal {

/// What the curriculum notes about an episode that it hands out, in EpisodeSpec::tag, to know it again when its result
/// comes back. The simulator does not read it; the tag of an ordinary episode is 0.
struct EpisodeTag {
  int measurement = -1;  ///< what the episode measures for ADR, kNoMeasurement for nothing
  bool counts = true;    ///< false for shortened first episodes: left out of scores and curriculum
};

constexpr std::int64_t pack_tag(const EpisodeTag& tag) {
  return 2 * (std::int64_t{tag.measurement} + 1) + (tag.counts ? 0 : 1);
}

constexpr EpisodeTag unpack_tag(std::int64_t tag) { return {static_cast<int>(tag / 2) - 1, tag % 2 == 0}; }

}  // namespace medal
