#include "experiments/metrics/append_file.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <utility>

#include "sim/base/atomic_file.h"

namespace medal {
namespace {

/// 0, or the error number.
int write_at(int descriptor, std::int64_t offset, std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t written = ::pwrite(descriptor, bytes.data(), bytes.size(), offset);
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) return errno;
    if (written == 0) return ENOSPC;
    bytes.remove_prefix(static_cast<std::size_t>(written));
    offset += written;
  }
  return 0;
}

}  // namespace

AppendFile::AppendFile(std::filesystem::path path, Start start) : path_(std::move(path)) {
  const int extra = start == Start::new_file ? O_EXCL : 0;
  descriptor_ = ::open(path_.c_str(), O_WRONLY | O_CREAT | O_CLOEXEC | extra, 0666);
  if (descriptor_ < 0) throw cannot_write(path_, errno);
  size_ = ::lseek(descriptor_, 0, SEEK_END);
  if (size_ < 0) {
    const int cause = errno;
    ::close(descriptor_);
    throw cannot_write(path_, cause);
  }
}

AppendFile::~AppendFile() { ::close(descriptor_); }

void AppendFile::append(std::string_view bytes) {
  const int cause = write_at(descriptor_, size_, bytes);
  if (cause != 0) {
    // Where even this fails, a torn piece stays until the next one is written over it; readers pass over such an end.
    [[maybe_unused]] const int ignored = ::ftruncate(descriptor_, size_);
    throw cannot_write(path_, cause);
  }
  size_ += static_cast<std::int64_t>(bytes.size());
}

}  // namespace medal
