#pragma once

#include <iterator>
#include <vector>

#include "experiments/card/worlds/worlds.h"

namespace medal {

/// The worlds of one task in which the expert is not to be trusted, one after the other: an index for each. Learners
/// are under full, half and solo presence; in the last two worlds the first sees both demonstrations, the second none.
struct TrustWorlds {
  static constexpr int kReliabilities = 11;                        ///< 0, 0.1 .. 1: 1 - expert_noise
  static constexpr double kSpeeds[] = {0.3, 0.45, 0.6, 0.8, 1.0};  ///< of slow experts that never err
  static constexpr double kShown = 30, kAlone = 30;                ///< s of each demonstration, and after the second

  static constexpr double reliability(std::size_t i) { return static_cast<double>(i) / (kReliabilities - 1); }
  static constexpr std::size_t noisy(std::size_t i) { return i; }
  static constexpr std::size_t reliable = kReliabilities - 1;
  static constexpr std::size_t turns_bad = kReliabilities;
  static constexpr std::size_t slow(std::size_t i) { return turns_bad + 1 + i; }
  static constexpr std::size_t right_first =
      turns_bad + 1 + std::size(kSpeeds);                      ///< the order that pays, a contrary one
  static constexpr std::size_t wrong_first = right_first + 1;  ///< the other way round
};

/// The order that is shown in right_first and wrong_first besides the one that pays.
std::vector<int> wrong_order(const Task& right);

std::vector<World> trust_worlds(const Subject& subject, std::uint64_t seed, NavmeshCache& navmeshes);

}  // namespace medal
