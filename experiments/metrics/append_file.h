#pragma once

#include <cstdint>
#include <filesystem>
#include <string_view>

namespace medal {

/// A file that grows by whole pieces: each is handed to the system at once, and one that does not fit (disk full) is
/// taken back. One writer at a time; not thread-safe.
class AppendFile {
 public:
  enum class Start { new_file, at_end };

  /// `new_file` refuses one that exists. Throws UserError.
  AppendFile(std::filesystem::path path, Start start);
  ~AppendFile();
  AppendFile(const AppendFile&) = delete;
  AppendFile& operator=(const AppendFile&) = delete;

  /// Adds all of `bytes`, or nothing and throws UserError with the path, the cause and the mend.
  void append(std::string_view bytes);

 private:
  std::filesystem::path path_;
  int descriptor_ = -1;
  std::int64_t size_ = 0;  ///< of the whole pieces
};

}  // namespace medal
