#pragma once

#include <filesystem>
#include <string>
#include <utility>

namespace medal {

/// A folder that no other process may lock, until this one ends or lets go.
class FolderLock {
 public:
  /// Throws UserError with the message where another process holds it.
  FolderLock(const std::filesystem::path& folder, const std::string& message);
  FolderLock(FolderLock&& other) noexcept : descriptor_(std::exchange(other.descriptor_, -1)) {}
  FolderLock& operator=(FolderLock&& other) noexcept {
    std::swap(descriptor_, other.descriptor_);
    return *this;
  }
  ~FolderLock();

 private:
  int descriptor_ = -1;
};

}  // namespace medal
