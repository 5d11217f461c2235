#include "experiments/processes/scratch_folder.h"

#include <cerrno>
#include <cstdlib>
#include <system_error>

#include "sim/base/atomic_file.h"

namespace medal {

ScratchFolder::ScratchFolder(const std::string& what) {
  std::error_code error;
  std::string name = (std::filesystem::temp_directory_path(error) / ("medal-" + what + "-XXXXXX")).string();
  if (error) throw UserError("TMPDIR names no folder; unset it or name one that you may write to");
  if (::mkdtemp(name.data()) == nullptr) throw cannot_write(name, errno);
  path_ = name;
}

ScratchFolder::~ScratchFolder() {
  std::error_code ignored;
  std::filesystem::remove_all(path_, ignored);
}

}  // namespace medal
