#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

namespace medal {

/// Width and height in pixels.
struct PixelSize {
  int width = 1280;
  int height = 720;

  float aspect() const { return static_cast<float>(width) / static_cast<float>(height); }
  bool operator==(const PixelSize&) const = default;
};

/// RGB, 8 bits each, rows from the top.
struct Image {
  PixelSize size;
  std::vector<std::uint8_t> pixels;  ///< width * height * 3
};

/// Throws UserError where all pixels are the same: nothing was drawn, and nobody should be given that as a picture.
void check_not_blank(const Image& image);

/// PNG, written atomically, never a blank one. Throws UserError.
void write_png(const std::filesystem::path& file, const Image& image);
/// Throws UserError where the file is missing or is no picture.
Image read_png(const std::filesystem::path& file);

/// How far two pictures of the same size are apart.
struct ImageDifference {
  double mean = 0;  ///< mean absolute difference of the channels, of 255
  double off = 0;   ///< share of pixels in which a channel differs by more than 24
};
ImageDifference compare(const Image& a, const Image& b);

}  // namespace medal
