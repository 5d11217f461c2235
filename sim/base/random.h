#pragma once

#include <cstdint>
#include <span>
#include <utility>

namespace medal {

/// Counter-based generator (Random123 Philox 4x32-10, Salmon et al. 2011). The same (seed, stream) gives the same
/// numbers on every machine and in every library; generators with different streams are independent. Copyable plain
/// data.
class Random {
 public:
  explicit Random(std::uint64_t seed = 0, std::uint64_t stream = 0) : seed_(seed), stream_(stream) {}

  std::uint32_t next();
  std::uint64_t next64();
  /// In [0, 1), 24 random bits.
  float uniform();
  /// In [low, high).
  float uniform(float low, float high) { return low + (high - low) * uniform(); }
  /// In {low, ..., high}, both included.
  int integer(int low, int high);
  bool bernoulli(float probability) { return uniform() < probability; }
  /// Standard normal (Box-Muller).
  float normal();
  /// Exponential with the given mean.
  float exponential(float mean);
  template <class T>
  void shuffle(std::span<T> values) {
    for (std::size_t i = values.size(); i > 1; --i)
      std::swap(values[i - 1], values[static_cast<std::size_t>(integer(0, static_cast<int>(i) - 1))]);
  }

 private:
  std::uint64_t seed_;
  std::uint64_t stream_;
  std::uint64_t block_ = 0;
  std::uint32_t buffer_[4] = {};
  std::uint32_t used_ = 4;
};

/// Mixes words into one well-spread 64-bit seed (for seeds keyed by (run seed, world, episode)).
std::uint64_t mix_seed(std::uint64_t a, std::uint64_t b, std::uint64_t c = 0, std::uint64_t d = 0);

}  // namespace medal
