#pragma once

#include <filesystem>
#include <memory>
#include <string_view>

#include "viewer/drawing/pictures/image.h"

namespace medal {

/// Writes frames into an .mp4 (H.264) or a .gif, by an ffmpeg child process. The file appears under its name only when
/// it is whole: until then it has a temporary one, which is removed if the writer ends before `finish`.
class VideoWriter {
 public:
  /// `file` ends in .mp4 or .gif; `frames_per_second` > 0. Throws UserError where there is no ffmpeg, or another
  /// ending.
  VideoWriter(const std::filesystem::path& file, PixelSize size, float frames_per_second);
  ~VideoWriter();
  VideoWriter(const VideoWriter&) = delete;

  /// All frames have the size given first. Throws UserError where the frame is blank, or with ffmpeg's last line where
  /// it failed.
  void add(const Image& frame);
  void finish();

 private:
  struct Implementation;
  std::unique_ptr<Implementation> implementation_;
};

/// Throws UserError where a video of that name and rate cannot be written at all: before the work of drawing it begins.
void check_video(std::string_view option, const std::filesystem::path& file, double frames_per_second);

}  // namespace medal
