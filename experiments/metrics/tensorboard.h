#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>

#include "experiments/metrics/append_file.h"

namespace medal {

/// Writes one TensorBoard event file: records framed as in TFRecord, each a protobuf `Event` with one scalar.
/// Records gather in memory until `flush`; a flush that fails leaves the file as it was. Not thread-safe.
class EventWriter {
 public:
  /// Opens a new file in `folder` (made if missing) that TensorBoard reads after those already there. `purge_step` is
  /// the first step of this sitting: TensorBoard then drops what earlier sittings wrote from there on. -1 for a new
  /// run. Throws UserError.
  EventWriter(const std::filesystem::path& folder, std::int64_t purge_step);
  /// Flushes; what cannot be written is lost.
  ~EventWriter();
  EventWriter(const EventWriter&) = delete;
  EventWriter& operator=(const EventWriter&) = delete;

  /// TensorBoard keeps scalars in single precision.
  void scalar(std::string_view tag, std::int64_t step, double value);
  /// Throws UserError.
  void flush();

 private:
  std::optional<AppendFile> file_;
  std::string pending_;
};

/// CRC-32C, and as TFRecord stores it: rotated and shifted, because a CRC over data with CRCs in it is weak.
std::uint32_t crc32c(std::string_view bytes);
std::uint32_t masked_crc32c(std::string_view bytes);

}  // namespace medal
