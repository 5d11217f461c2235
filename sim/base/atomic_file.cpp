#include "sim/base/atomic_file.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <fstream>
#include <iterator>
#include <string>

namespace medal {
namespace {

std::string mend(int cause) {
  switch (cause) {
    case ENOSPC:
    case EDQUOT:
      return "free some space or choose another folder";
    case EFBIG:
      return "raise the limit on file sizes (ulimit -f)";
    case EACCES:
    case EPERM:
    case EROFS:
      return "choose a folder that you may write to";
    case ENOENT:
    case ENOTDIR:
      return "create its folder first";
    case EEXIST:
      return "remove it or choose another folder";
    case EISDIR:
      return "name a file in it";
    default:
      return "check the disk or choose another folder";
  }
}

/// An open file descriptor, closed at the end of its scope.
class Descriptor {
 public:
  Descriptor(const std::filesystem::path& path, int flags) : number_(::open(path.c_str(), flags | O_CLOEXEC, 0666)) {}
  ~Descriptor() {
    if (number_ >= 0) ::close(number_);
  }
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  bool is_open() const { return number_ >= 0; }
  int number() const { return number_; }

 private:
  int number_;
};

/// 0, or the error number.
int write_all(int descriptor, std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t written = ::write(descriptor, bytes.data(), bytes.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) return errno;
    if (written == 0) return ENOSPC;
    bytes.remove_prefix(static_cast<std::size_t>(written));
  }
  return 0;
}

/// Into a new file with these rights. 0, or the error number.
int write_and_sync(const std::filesystem::path& file, std::string_view bytes, const struct stat* replaced) {
  const Descriptor descriptor(file, O_WRONLY | O_CREAT | O_TRUNC);
  if (!descriptor.is_open()) return errno;
  if (replaced != nullptr) ::fchmod(descriptor.number(), replaced->st_mode & 07777);  // or as new files are
  if (const int cause = write_all(descriptor.number(), bytes); cause != 0) return cause;
  while (::fsync(descriptor.number()) != 0)
    if (errno != EINTR) return errno;
  return 0;
}

/// Or is empty.
bool begins_with(const std::filesystem::path& file, std::string_view begin) {
  std::ifstream stream(file, std::ios::binary);
  std::string content(begin.size(), '\0');
  stream.read(content.data(), static_cast<std::streamsize>(content.size()));
  return stream.gcount() == 0 || content == begin;
}

/// A terminal, a pipe, a device: what has no content that could be replaced. 0, or the error number.
int write_into(const std::filesystem::path& file, std::string_view bytes) {
  const Descriptor descriptor(file, O_WRONLY | O_APPEND);
  return descriptor.is_open() ? write_all(descriptor.number(), bytes) : errno;
}

bool is_of_the_system(const std::filesystem::path& file) {
  const std::string path = file.string();
  return path.starts_with("/dev/") || path.starts_with("/proc/");
}

/// What a name stands for: links are followed, to what is not there too.
struct Target {
  std::filesystem::path file;
  bool in_place = false;  ///< its name must not be given to another file
  struct stat status {};
  bool exists = false;
};

Target target_of(const std::filesystem::path& name) {
  Target target{name};
  constexpr int kMostLinks = 40;  // as the kernel
  std::error_code ignored;
  for (int i = 0; i < kMostLinks && !is_of_the_system(target.file) && std::filesystem::is_symlink(target.file, ignored);
       ++i)
    target.file = target.file.parent_path() / std::filesystem::read_symlink(target.file, ignored);
  target.exists = ::stat(target.file.c_str(), &target.status) == 0;
  target.in_place = target.exists && !S_ISDIR(target.status.st_mode) &&
                    (!S_ISREG(target.status.st_mode) || is_of_the_system(target.file));
  return target;
}

/// Makes a rename last. Some file systems cannot sync folders; the file itself is whole then all the same.
void sync_folder(const std::filesystem::path& folder) {
  const Descriptor descriptor(folder, O_RDONLY | O_DIRECTORY);
  if (descriptor.is_open()) ::fsync(descriptor.number());
}

}  // namespace

UserError cannot_write(const std::filesystem::path& path, int cause) {
  return UserError("'" + path.string() + "' cannot be written: " + std::strerror(cause) + "; " + mend(cause));
}

void check_output_file(std::string_view option, const std::filesystem::path& file, std::string_view content_begin) {
  const Target target = target_of(file);
  const std::string begin = std::string(option) + " " + file.string() + ": ";
  const std::filesystem::path folder = std::filesystem::absolute(target.file).parent_path();
  std::error_code ignored;
  if (!target.exists && !std::filesystem::is_directory(folder, ignored))
    throw UserError(begin + "there is no folder '" + folder.string() + "'; make it first");
  const bool is_folder = file.filename().empty() || (target.exists && S_ISDIR(target.status.st_mode));
  if (is_folder) throw UserError(begin + "this is a folder; name a file in it");
  if (target.exists && !target.in_place && !begins_with(target.file, content_begin))
    throw UserError(begin + "this is a file of another kind, which is not replaced; choose another name");
  if (::access(target.in_place ? target.file.c_str() : folder.c_str(), W_OK) != 0)
    throw UserError(begin + std::strerror(errno) + "; " + mend(errno));
}

void check_output_folder(std::string_view option, const std::filesystem::path& folder) {
  std::filesystem::path there = std::filesystem::absolute(folder);
  std::error_code ignored;
  while (!std::filesystem::exists(there, ignored) && there.has_relative_path()) there = there.parent_path();
  const int cause = !std::filesystem::is_directory(there, ignored) ? ENOTDIR
                    : ::access(there.c_str(), W_OK) != 0           ? errno
                                                                   : 0;
  if (cause != 0)
    throw UserError(std::string(option) + " " + folder.string() + ": '" + there.string() +
                    "': " + std::strerror(cause) + "; " + mend(cause));
}

void check_png(std::string_view option, const std::filesystem::path& file) {
  if (file.extension() != ".png" && !target_of(file).in_place)
    throw UserError(std::string(option) + " " + file.string() + ": pictures are PNGs; let the name end in .png");
  check_output_file(option, file, kPngBegin);
}

void write_file_atomically(const std::filesystem::path& name, std::string_view bytes) {
  const Target target = target_of(name);
  if (target.exists && S_ISDIR(target.status.st_mode)) throw cannot_write(name, EISDIR);
  if (target.in_place) {
    if (const int cause = write_into(target.file, bytes); cause != 0) throw cannot_write(name, cause);
    return;
  }
  std::filesystem::path temporary = target.file;
  temporary += ".tmp" + std::to_string(::getpid());
  int cause = write_and_sync(temporary, bytes, target.exists ? &target.status : nullptr);
  if (cause == 0 && ::rename(temporary.c_str(), target.file.c_str()) != 0) cause = errno;
  if (cause != 0) {
    ::unlink(temporary.c_str());
    throw cannot_write(name, cause);
  }
  sync_folder(target.file.has_parent_path() ? target.file.parent_path() : std::filesystem::path("."));
}

void replace_file(const std::filesystem::path& temporary, const std::filesystem::path& file) {
  const Target target = target_of(file);
  if (!target.in_place && ::rename(temporary.c_str(), target.file.c_str()) == 0) return;
  if (!target.in_place && errno != EXDEV) throw cannot_write(file, errno);  // a link led to another disk
  std::ifstream stream(temporary, std::ios::binary);
  const std::string bytes{std::istreambuf_iterator<char>(stream), {}};
  write_file_atomically(file, bytes);
  ::unlink(temporary.c_str());
}

}  // namespace medal
