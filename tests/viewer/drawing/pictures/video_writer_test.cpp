#include "viewer/drawing/pictures/video_writer.h"

#include <cstdlib>

#include "tests/support/catch.h"
#include "tests/support/file_helpers.h"
#include "tests/support/picture_helpers.h"

using namespace medal;
namespace fs = std::filesystem;

namespace {

constexpr PixelSize kSize{64, 48};

/// A frame with a bright column in its upper half that moves by four pixels a frame.
Image frame(int number) {
  Image image{kSize, std::vector<std::uint8_t>(64 * 48 * 3, 20)};
  for (int row = 0; row < kSize.height / 2; ++row)
    for (int column = 0; column < 4 * 3; ++column)
      image.pixels[static_cast<std::size_t>((row * kSize.width + 4 * (number % 16)) * 3 + column)] = 250;
  return image;
}

/// The message of writing some frames with the programs in `path` alone.
std::string error_with_path(const fs::path& path, const fs::path& out) {
  const Variable only("PATH", path.string());
  return user_error_of([&] {
    VideoWriter writer(out, kSize, 10);
    for (int k = 0; k < 50; ++k) writer.add(frame(k));
    writer.finish();
  });
}

}  // namespace

TEST_CASE("a video appears under its name only when it is finished") {
  const TemporaryFolder folder("video");
  {
    VideoWriter writer(folder.path / "a.mp4", kSize, 10);
    for (int k = 0; k < 12; ++k) writer.add(frame(k));
    CHECK_FALSE(fs::exists(folder.path / "a.mp4"));
    writer.finish();
    CHECK(fs::exists(folder.path / "a.mp4"));
  }
  {
    VideoWriter abandoned(folder.path / "b.gif", kSize, 10);
    abandoned.add(frame(0));
  }
  CHECK(files_in(folder.path) == 1);  // neither b.gif nor anything temporary
}

TEST_CASE("a video's frames are those that were given, in their order and the right way up") {
  const TemporaryFolder folder("video");
  {
    VideoWriter writer(folder.path / "a.mp4", kSize, 10);
    for (int k = 0; k < 12; ++k) writer.add(frame(k));
    writer.finish();
  }
  const std::string command =
      "cd '" + folder.path.string() + "' && ffmpeg -loglevel error -i a.mp4 -vsync passthrough frame%d.png";
  REQUIRE(std::system(command.c_str()) == 0);
  CHECK(files_in(folder.path) == 13);
  for (const int k : {0, 5, 11}) {
    const Image seen = read_png(folder.path / ("frame" + std::to_string(k + 1) + ".png"));
    CHECK(compare(seen, frame(k)).mean < 6);  // H.264 blurs the edges of the column
    CHECK(compare(seen, frame(k + 3)).mean > 6);
  }
}

TEST_CASE("without ffmpeg one line says what to install, and nothing is left") {
  const TemporaryFolder folder("video"), empty("path");
  const std::string message = error_with_path(empty.path, folder.path / "a.mp4");
  CHECK(message.find("ffmpeg") != std::string::npos);
  CHECK(message.find("install") != std::string::npos);
  CHECK(message.find('\n') == std::string::npos);
  CHECK(fs::is_empty(folder.path));
}

TEST_CASE("an ffmpeg that fails is quoted with its last line, and nothing is left") {
  const TemporaryFolder folder("video"), programs("path");
  std::ofstream(programs.path / "ffmpeg") << "#!/bin/sh\necho first >&2\necho 'Unknown encoder libx264' >&2\nexit 1\n";
  fs::permissions(programs.path / "ffmpeg", fs::perms::owner_all);
  const std::string message = error_with_path(programs.path, folder.path / "a.mp4");
  CHECK(message.find("a.mp4") != std::string::npos);
  CHECK(message.find("Unknown encoder libx264") != std::string::npos);
  CHECK(message.find("first") == std::string::npos);
  CHECK(fs::is_empty(folder.path));
}

TEST_CASE("a blank frame ends a video") {
  const TemporaryFolder folder("video");
  const std::string message = user_error_of([&] {
    VideoWriter writer(folder.path / "a.mp4", kSize, 10);
    writer.add({kSize, std::vector<std::uint8_t>(64 * 48 * 3, 20)});
  });
  CHECK(message.find("blank") != std::string::npos);
  CHECK(fs::is_empty(folder.path));
}

TEST_CASE("names that no video can have are refused at once") {
  const TemporaryFolder folder("video");
  CHECK(user_error_of([&] { check_video("--out", folder.path / "a.gif", 60); }).find("--fps 50") != std::string::npos);
  check_video("--out", folder.path / "a:b.gif", 50);
  CHECK(user_error_of([&] { check_video("--out", folder.path / "a.avi", 25); }).find(".mp4 or .gif") !=
        std::string::npos);
  CHECK(user_error_of([&] { check_video("--out", folder.path / "no/a.mp4", 25); }).find("make it first") !=
        std::string::npos);
}
