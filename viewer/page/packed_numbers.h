#pragma once

#include <cstdint>
#include <span>
#include <string>

namespace medal {

/// Numbers as base64 of their bytes, little-endian: a browser reads them into a typed array.
std::string packed(std::span<const std::uint8_t> numbers);
std::string packed(std::span<const std::int8_t> numbers);
std::string packed(std::span<const std::uint16_t> numbers);
std::string packed(std::span<const std::int16_t> numbers);
std::string packed(std::span<const float> numbers);

/// Metres are counted in 1/1024 m, as the terrain has them; what lies beyond 16 bits is held at their end.
inline constexpr float kPageMetre = 1024;
std::int16_t page_length(float metres);
/// An angle in (-pi, pi] as a share of pi, in 1/32767.
std::int16_t page_angle(float radians);
/// A share in [0, 1] in 1/255; what lies outside is held at the end.
std::uint8_t page_share(float share);

}  // namespace medal
