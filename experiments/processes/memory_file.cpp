#include "experiments/processes/memory_file.h"

#include <sys/mman.h>
#include <unistd.h>

#include <cerrno>

#include "sim/base/atomic_file.h"

namespace medal {

// Child processes shall have it: no MFD_CLOEXEC.
MemoryFile::MemoryFile(const std::string& text) : descriptor_(::memfd_create("medal", 0)) {
  if (descriptor_ >= 0 && ::write(descriptor_, text.data(), text.size()) == static_cast<ssize_t>(text.size())) return;
  const int cause = errno;
  if (descriptor_ >= 0) ::close(descriptor_);
  throw cannot_write("a text in memory", cause);
}

MemoryFile::~MemoryFile() { ::close(descriptor_); }

std::filesystem::path MemoryFile::path() const { return "/proc/self/fd/" + std::to_string(descriptor_); }

}  // namespace medal
