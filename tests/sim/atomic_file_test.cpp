#include "sim/atomic_file.h"

#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include <csignal>
#include <fstream>
#include <iterator>

#include "sim/error.h"
#include "tests/catch.h"

using namespace medal;

namespace {

struct TemporaryFolder {
  std::filesystem::path path =
      std::filesystem::temp_directory_path() / ("medal_atomic_file_test_" + std::to_string(::getpid()));
  TemporaryFolder() { std::filesystem::create_directories(path); }
  ~TemporaryFolder() { std::filesystem::remove_all(path); }
};

std::string content_of(const std::filesystem::path& file) {
  std::ifstream stream(file, std::ios::binary);
  return {std::istreambuf_iterator<char>(stream), {}};
}

std::string error_of_writing(const std::filesystem::path& file, std::string_view bytes) {
  try {
    write_file_atomically(file, bytes);
  } catch (const UserError& error) {
    return error.what();
  }
  return "";
}

auto files_in(const std::filesystem::path& folder) {
  return std::distance(std::filesystem::directory_iterator(folder), std::filesystem::directory_iterator());
}

/// Files cannot grow beyond `bytes` while this lives.
class FileSizeLimit {
 public:
  explicit FileSizeLimit(rlim_t bytes) : old_handler_(std::signal(SIGXFSZ, SIG_IGN)) {
    ::getrlimit(RLIMIT_FSIZE, &old_limit_);
    rlimit limit = old_limit_;
    limit.rlim_cur = bytes;
    ::setrlimit(RLIMIT_FSIZE, &limit);
  }
  ~FileSizeLimit() {
    ::setrlimit(RLIMIT_FSIZE, &old_limit_);
    std::signal(SIGXFSZ, old_handler_);
  }

 private:
  void (*old_handler_)(int);
  rlimit old_limit_{};
};

}  // namespace

TEST_CASE("a file is replaced as a whole and nothing else is left behind") {
  const TemporaryFolder folder;
  const auto file = folder.path / "a";
  write_file_atomically(file, "old content");
  const std::string bytes("new\0content", 11);
  write_file_atomically(file, bytes);
  CHECK(content_of(file) == bytes);
  write_file_atomically(file, "");
  CHECK(content_of(file).empty());
  CHECK(files_in(folder.path) == 1);
}

TEST_CASE("a write that fails half-way keeps the old file, leaves no other, and says why") {
  const TemporaryFolder folder;
  const auto file = folder.path / "a";
  write_file_atomically(file, "old content");
  std::string error;
  {
    const FileSizeLimit limit(4096);
    error = error_of_writing(file, std::string(100'000, 'x'));
  }
  CHECK(error.find(file.string()) != std::string::npos);
  CHECK(error.find("File too large") != std::string::npos);
  CHECK(error.find('\n') == std::string::npos);
  CHECK(content_of(file) == "old content");
  CHECK(files_in(folder.path) == 1);
}

TEST_CASE("a missing folder and a folder in the file's place are the user's mistakes") {
  const TemporaryFolder folder;
  CHECK(error_of_writing(folder.path / "none" / "a", "x").find("create its folder first") != std::string::npos);
  std::filesystem::create_directory(folder.path / "b");
  CHECK(error_of_writing(folder.path / "b", "x").find((folder.path / "b").string()) != std::string::npos);
  CHECK(files_in(folder.path) == 1);
}
