#include "viewer/drawing/pictures/image.h"

#include "tests/support/catch.h"
#include "tests/support/file_helpers.h"

using namespace medal;
namespace fs = std::filesystem;

TEST_CASE("a blank picture is an error and is never written") {
  const TemporaryFolder folder("blank");
  const Image blank{{4, 4}, std::vector<std::uint8_t>(4 * 4 * 3, 77)};
  const std::string message = user_error_of([&] { write_png(folder.path / "a.png", blank); });
  CHECK(message.find("blank") != std::string::npos);
  CHECK(fs::is_empty(folder.path));
}

TEST_CASE("a picture written is the picture read") {
  const TemporaryFolder folder("png");
  Image image{{5, 3}, {}};
  for (int k = 0; k < 5 * 3 * 3; ++k) image.pixels.push_back(static_cast<std::uint8_t>(5 * k));
  write_png(folder.path / "a.png", image);
  CHECK(read_png(folder.path / "a.png").pixels == image.pixels);
  CHECK(user_error_of([&] { read_png(folder.path / "b.png"); }).find("b.png") != std::string::npos);
}

TEST_CASE("how far pictures are apart: the mean of all channels, and the share of pixels that are clearly off") {
  const PixelSize size{4, 1};
  const Image black{size, std::vector<std::uint8_t>(12, 0)};
  Image other = black;
  other.pixels[0] = 24;  // not clearly
  other.pixels[4] = 25;
  other.pixels[5] = 71;  // the same pixel
  CHECK(compare(black, black).mean == 0);
  CHECK(compare(black, other).mean == Approx(10));
  CHECK(compare(black, other).off == Approx(0.25));
}
