#include "sim/base/atomic_file.h"

#include <sys/stat.h>

#include "tests/support/catch.h"
#include "tests/support/file_helpers.h"

using namespace medal;

namespace {

std::string error_of_writing(const std::filesystem::path& file, std::string_view bytes) {
  return user_error_of([&] { write_file_atomically(file, bytes); });
}

auto files_in(const std::filesystem::path& folder) {
  return std::distance(std::filesystem::directory_iterator(folder), std::filesystem::directory_iterator());
}

}  // namespace

TEST_CASE("a file is replaced as a whole and nothing else is left behind") {
  const TemporaryFolder folder("atomic_file");
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
  const TemporaryFolder folder("atomic_file");
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
  const TemporaryFolder folder("atomic_file");
  CHECK(error_of_writing(folder.path / "none" / "a", "x").find("create its folder first") != std::string::npos);
  std::filesystem::create_directory(folder.path / "b");
  CHECK(error_of_writing(folder.path / "b", "x").find((folder.path / "b").string()) != std::string::npos);
  CHECK(files_in(folder.path) == 1);
}
