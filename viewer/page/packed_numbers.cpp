#include "viewer/page/packed_numbers.h"

#include <algorithm>
#include <bit>
#include <boost/archive/iterators/base64_from_binary.hpp>
#include <boost/archive/iterators/transform_width.hpp>
#include <cmath>
#include <numbers>
#include <vector>

namespace medal {
namespace {

static_assert(std::endian::native == std::endian::little, "a browser reads little-endian numbers");

std::string base64(std::span<const std::byte> bytes) {
  using namespace boost::archive::iterators;
  using Digits = base64_from_binary<transform_width<std::vector<char>::const_iterator, 6, 8>>;
  // Whole groups of three bytes, since the iterators would read on behind the last one.
  const std::size_t missing = (3 - bytes.size() % 3) % 3;
  std::vector<char> whole(bytes.size() + missing);
  std::transform(bytes.begin(), bytes.end(), whole.begin(), [](std::byte byte) { return static_cast<char>(byte); });
  std::string text(Digits(whole.cbegin()), Digits(whole.cend()));
  std::fill(text.end() - static_cast<std::ptrdiff_t>(missing), text.end(), '=');
  return text;
}

std::int16_t rounded(float value) {
  return static_cast<std::int16_t>(std::lround(std::clamp(value, -32767.0F, 32767.0F)));
}

}  // namespace

std::string packed(std::span<const std::uint8_t> numbers) { return base64(std::as_bytes(numbers)); }
std::string packed(std::span<const std::int8_t> numbers) { return base64(std::as_bytes(numbers)); }
std::string packed(std::span<const std::uint16_t> numbers) { return base64(std::as_bytes(numbers)); }
std::string packed(std::span<const std::int16_t> numbers) { return base64(std::as_bytes(numbers)); }
std::string packed(std::span<const float> numbers) { return base64(std::as_bytes(numbers)); }

std::int16_t page_length(float metres) { return rounded(metres * kPageMetre); }
std::int16_t page_angle(float radians) { return rounded(radians / std::numbers::pi_v<float> * 32767.0F); }
std::uint8_t page_share(float share) {
  return static_cast<std::uint8_t>(std::lround(std::clamp(share, 0.0F, 1.0F) * 255.0F));
}

}  // namespace medal
