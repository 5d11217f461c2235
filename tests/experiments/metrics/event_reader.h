#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

namespace medal {

/// One record of a TensorBoard event file; fields that it lacks stay as they are here.
struct ReadEvent {
  double wall_time = 0;
  std::int64_t step = -1;
  std::string file_version;
  bool session_start = false;
  std::string tag;
  float value = 0;
};

/// Reads an event file without using what wrote it, and REQUIREs that lengths, CRCs and wire types are right.
std::vector<ReadEvent> read_events(const std::filesystem::path& file);

/// The event files of a folder in the order in which TensorBoard reads them.
std::vector<std::filesystem::path> event_files(const std::filesystem::path& folder);

}  // namespace medal
