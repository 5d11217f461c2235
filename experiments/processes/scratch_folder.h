#pragma once

#include <filesystem>
#include <string>

namespace medal {

/// A folder of this object's own among the system's temporary ones, gone with it.
class ScratchFolder {
 public:
  /// `what` becomes part of its name. Throws UserError where there can be none.
  explicit ScratchFolder(const std::string& what);
  ~ScratchFolder();
  ScratchFolder(const ScratchFolder&) = delete;
  ScratchFolder& operator=(const ScratchFolder&) = delete;

  const std::filesystem::path& path() const { return path_; }

 private:
  std::filesystem::path path_;
};

}  // namespace medal
