#pragma once

#include <cstdint>

#include "sim/base/random.h"

namespace medal {

/// Experts of what is trained on draw otherwise than those of what is measured and looked at, even where the episode's
/// seed is the same.
enum class ExpertStream : std::uint64_t { evaluation = 0x45585045525431ULL, training = 0x45585045525432ULL };

/// Seed of the expert's own draws in an episode of that seed.
inline std::uint64_t expert_seed(std::uint64_t episode_seed, ExpertStream stream) {
  return mix_seed(episode_seed, static_cast<std::uint64_t>(stream));
}

}  // namespace medal
