#include "sim/base/random.h"

#include <Random123/philox.h>

#include <cmath>
#include <numbers>

#include "sim/base/error.h"

namespace medal {

std::uint32_t Random::next() {
  if (used_ == 4) {
    const r123::Philox4x32::ctr_type counter = {
        {static_cast<std::uint32_t>(block_), static_cast<std::uint32_t>(block_ >> 32),
         static_cast<std::uint32_t>(stream_), static_cast<std::uint32_t>(stream_ >> 32)}};
    const r123::Philox4x32::key_type key = {
        {static_cast<std::uint32_t>(seed_), static_cast<std::uint32_t>(seed_ >> 32)}};
    const auto block = r123::Philox4x32{}(counter, key);
    for (std::uint32_t i = 0; i < 4; ++i) buffer_[i] = block[i];
    ++block_;
    used_ = 0;
  }
  return buffer_[used_++];
}

std::uint64_t Random::next64() {
  const std::uint64_t high = next();
  return (high << 32) | next();
}

float Random::uniform() { return static_cast<float>(next() >> 8) * 0x1p-24F; }

int Random::integer(int low, int high) {
  MEDAL_CHECK(low <= high);
  const auto count = static_cast<std::uint64_t>(static_cast<std::int64_t>(high) - low + 1);
  return static_cast<int>(low + static_cast<std::int64_t>((next() * count) >> 32));
}

float Random::normal() {
  const float radius = std::sqrt(-2.0F * std::log(1.0F - uniform()));
  return radius * std::cos(2.0F * std::numbers::pi_v<float> * uniform());
}

float Random::exponential(float mean) { return -mean * std::log(1.0F - uniform()); }

std::uint64_t mix_seed(std::uint64_t a, std::uint64_t b, std::uint64_t c, std::uint64_t d) {
  const r123::Philox4x32::ctr_type counter = {{static_cast<std::uint32_t>(b), static_cast<std::uint32_t>(b >> 32),
                                               static_cast<std::uint32_t>(c), static_cast<std::uint32_t>(c >> 32)}};
  const std::uint64_t folded = a ^ (d * 0x9E3779B97F4A7C15ULL);
  const r123::Philox4x32::key_type key = {
      {static_cast<std::uint32_t>(folded), static_cast<std::uint32_t>(folded >> 32)}};
  const auto block = r123::Philox4x32{}(counter, key);
  return (static_cast<std::uint64_t>(block[0]) << 32) | block[1];
}

}  // namespace medal
