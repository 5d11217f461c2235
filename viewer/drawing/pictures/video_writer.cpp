#include "viewer/drawing/pictures/video_writer.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <spawn.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cmath>
#include <cstring>
#include <fstream>
#include <string>
#include <utility>
#include <vector>

#include "sim/base/atomic_file.h"
#include "sim/base/error.h"

extern char** environ;

namespace medal {
namespace {

namespace fs = std::filesystem;

bool is_gif(const fs::path& file) { return file.extension() == ".gif"; }

std::vector<std::string> ffmpeg_command(const fs::path& name, const fs::path& out, PixelSize size, float rate) {
  std::vector<std::string> command = {
      "ffmpeg",     "-loglevel",          "error", "-y", "-f",
      "rawvideo",   "-pix_fmt",           "rgb24", "-s", std::to_string(size.width) + "x" + std::to_string(size.height),
      "-framerate", std::to_string(rate), "-i",    "-"};
  // A GIF gets a palette of its own; H.264 wants even sizes.
  const std::vector<std::string> format =
      is_gif(name)
          ? std::vector<std::string>{"-filter_complex",
                                     "split[a][b];[a]palettegen=stats_mode=diff[p];[b][p]paletteuse=dither=bayer:"
                                     "bayer_scale=4:diff_mode=rectangle",
                                     "-f", "gif"}
          : std::vector<std::string>{"-vf",       "pad=ceil(iw/2)*2:ceil(ih/2)*2",
                                     "-c:v",      "libx264",
                                     "-crf",      "20",
                                     "-pix_fmt",  "yuv420p",
                                     "-movflags", "+faststart",
                                     "-f",        "mp4"};
  command.insert(command.end(), format.begin(), format.end());
  command.push_back("file:" + out.string());  // whatever a name begins with, it is no option and no protocol
  return command;
}

std::string last_line(const fs::path& file) {
  std::ifstream stream(file);
  std::string line, last;
  while (std::getline(stream, line))
    if (!line.empty()) last = line;
  return last.empty() ? "it says nothing" : last;
}

}  // namespace

struct VideoWriter::Implementation {
  fs::path file, temporary, errors;
  PixelSize size;
  int input = -1;  ///< ffmpeg's stdin
  pid_t child = 0;

  ~Implementation() {
    close_input();
    if (child != 0) wait();
    std::error_code ignored;
    fs::remove(temporary, ignored);
    fs::remove(errors, ignored);
  }

  void start(float rate);
  void write(const std::vector<std::uint8_t>& bytes);
  void close_input() {
    if (input >= 0) ::close(std::exchange(input, -1));
  }
  int wait() {
    int status = 0;
    while (::waitpid(child, &status, 0) < 0 && errno == EINTR) {
    }
    child = 0;
    return status;
  }
  [[noreturn]] void fail() {
    close_input();
    if (child != 0) wait();
    throw UserError("ffmpeg could not write '" + file.string() + "': " + last_line(errors));
  }
};

void VideoWriter::Implementation::start(float rate) {
  const std::vector<std::string> command = ffmpeg_command(file, temporary, size, rate);
  std::vector<char*> arguments;
  for (const std::string& argument : command) arguments.push_back(const_cast<char*>(argument.c_str()));
  arguments.push_back(nullptr);
  // A socket, not a pipe: writing to it after ffmpeg's end is an error and not a signal.
  std::array<int, 2> ends{};
  if (::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends.data()) != 0)
    throw UserError(std::string("no connection to ffmpeg: ") + std::strerror(errno));
  posix_spawn_file_actions_t actions;
  ::posix_spawn_file_actions_init(&actions);
  ::posix_spawn_file_actions_adddup2(&actions, ends[0], STDIN_FILENO);
  ::posix_spawn_file_actions_addopen(&actions, STDOUT_FILENO, "/dev/null", O_WRONLY, 0);
  ::posix_spawn_file_actions_addopen(&actions, STDERR_FILENO, errors.c_str(), O_WRONLY | O_CREAT | O_TRUNC, 0666);
  const int error = ::posix_spawnp(&child, arguments[0], &actions, nullptr, arguments.data(), environ);
  ::posix_spawn_file_actions_destroy(&actions);
  ::close(ends[0]);
  input = ends[1];
  if (error == 0) return;
  child = 0;
  throw UserError("video needs the program ffmpeg, which cannot be started (" + std::string(std::strerror(error)) +
                  "); install it (Debian: apt-get install ffmpeg)");
}

void VideoWriter::Implementation::write(const std::vector<std::uint8_t>& bytes) {
  std::size_t done = 0;
  while (done < bytes.size()) {
    const ssize_t count = ::send(input, bytes.data() + done, bytes.size() - done, MSG_NOSIGNAL);
    if (count < 0 && errno == EINTR) continue;
    if (count <= 0) fail();
    done += static_cast<std::size_t>(count);
  }
}

VideoWriter::VideoWriter(const fs::path& file, PixelSize size, float frames_per_second)
    : implementation_(std::make_unique<Implementation>()) {
  check_video("", file, static_cast<double>(frames_per_second));
  MEDAL_CHECK(frames_per_second > 0);
  implementation_->file = file;
  implementation_->size = size;
  implementation_->temporary = file.string() + ".tmp" + std::to_string(::getpid());
  implementation_->errors = implementation_->temporary.string() + ".txt";
  implementation_->start(frames_per_second);
}

VideoWriter::~VideoWriter() = default;

void VideoWriter::add(const Image& frame) {
  MEDAL_CHECK(frame.size == implementation_->size);
  check_not_blank(frame);
  implementation_->write(frame.pixels);
}

void VideoWriter::finish() {
  implementation_->close_input();
  if (implementation_->wait() != 0) implementation_->fail();
  replace_file(implementation_->temporary, implementation_->file);
}

void check_video(std::string_view option, const fs::path& file, double frames_per_second) {
  if (file.extension() != ".mp4" && file.extension() != ".gif")
    throw UserError(std::string(option) + " " + file.string() + ": let the name of a video end in .mp4 or .gif");
  check_output_file(option, file, is_gif(file) ? "GIF8" : std::string_view());
  if (!is_gif(file)) return;
  // A GIF counts hundredths of a second.
  const double hundredths = 100 / frames_per_second;
  if (std::abs(hundredths - std::round(hundredths)) < 1e-3) return;
  throw UserError(fmt::format("a .gif cannot show {:g} frames a second; use --fps {:g} or {:g}, or an .mp4",
                              frames_per_second, 100 / std::ceil(hundredths),
                              100 / std::max(1.0, std::floor(hundredths))));
}

}  // namespace medal
