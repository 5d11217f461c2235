#include "viewer/drawing/pictures/image.h"

#include <stb_image.h>
#include <zlib.h>

#include <algorithm>
#include <cstdlib>
#include <memory>
#include <new>
#include <string_view>

#include "sim/base/atomic_file.h"
#include "sim/base/error.h"

namespace {

/// stb's own compression makes pictures half as large again. It frees what it is given by `free`.
unsigned char* compress_by_zlib(unsigned char* bytes, int count, int* compressed_count, int quality) {
  uLongf size = compressBound(static_cast<uLong>(count));
  auto* compressed = static_cast<unsigned char*>(std::malloc(size));
  if (compressed == nullptr ||
      compress2(compressed, &size, bytes, static_cast<uLong>(count), std::min(quality, 9)) != Z_OK) {
    std::free(compressed);
    return nullptr;
  }
  *compressed_count = static_cast<int>(size);
  return compressed;
}

}  // namespace

#define STBIW_ZLIB_COMPRESS compress_by_zlib
#define STB_IMAGE_WRITE_STATIC
#define STB_IMAGE_WRITE_IMPLEMENTATION
#include <stb_image_write.h>

namespace medal {
namespace {

constexpr int kChannels = 3;
constexpr int kClearlyOff = 24;

void append(void* text, void* bytes, int count) {
  static_cast<std::string*>(text)->append(static_cast<const char*>(bytes), static_cast<std::size_t>(count));
}

}  // namespace

void check_not_blank(const Image& image) {
  for (std::size_t i = kChannels; i < image.pixels.size(); ++i)
    if (image.pixels[i] != image.pixels[i - kChannels]) return;
  throw UserError(
      "the frame came out blank, so nothing is written; the OpenGL driver is at fault: "
      "try LIBGL_ALWAYS_SOFTWARE=1");
}

void write_png(const std::filesystem::path& file, const Image& image) {
  check_not_blank(image);
  std::string bytes;
  if (stbi_write_png_to_func(append, &bytes, image.size.width, image.size.height, kChannels, image.pixels.data(),
                             image.size.width * kChannels) == 0)
    throw std::bad_alloc();  // nothing else stops it
  write_file_atomically(file, bytes);
}

Image read_png(const std::filesystem::path& file) {
  Image image;
  int channels = 0;
  const std::unique_ptr<stbi_uc, void (*)(void*)> pixels(
      stbi_load(file.c_str(), &image.size.width, &image.size.height, &channels, kChannels), stbi_image_free);
  if (!pixels)
    throw UserError("'" + file.string() + "' cannot be read as a picture: " + stbi_failure_reason() +
                    "; name an existing PNG");
  image.pixels.assign(pixels.get(), pixels.get() + image.size.width * image.size.height * kChannels);
  return image;
}

ImageDifference compare(const Image& a, const Image& b) {
  MEDAL_CHECK(a.size == b.size);
  ImageDifference difference;
  for (std::size_t i = 0; i < a.pixels.size(); i += kChannels) {
    int worst = 0;
    for (std::size_t c = i; c < i + kChannels; ++c) {
      const int apart = std::abs(a.pixels[c] - b.pixels[c]);
      difference.mean += apart;
      worst = std::max(worst, apart);
    }
    difference.off += worst > kClearlyOff ? 1 : 0;
  }
  difference.mean /= static_cast<double>(a.pixels.size());
  difference.off /= static_cast<double>(a.pixels.size() / kChannels);
  return difference;
}

}  // namespace medal
