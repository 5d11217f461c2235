#pragma once

#include <filesystem>
#include <string>

namespace medal {

/// A text that this process and those that it starts can open by `path`, as often as they like. It is on no disk.
class MemoryFile {
 public:
  /// Throws UserError where there is no memory for it.
  explicit MemoryFile(const std::string& text);
  ~MemoryFile();
  MemoryFile(const MemoryFile&) = delete;
  MemoryFile& operator=(const MemoryFile&) = delete;

  std::filesystem::path path() const;

 private:
  int descriptor_;
};

}  // namespace medal
