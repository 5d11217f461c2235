#include "sim/base/atomic_file.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

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

TEST_CASE("what a name stands for stays what it is: a link is followed, rights are kept, a pipe gets the bytes") {
  const TemporaryFolder folder("atomic_file");
  const auto file = folder.path / "a", link = folder.path / "link", pipe = folder.path / "pipe";
  write_file_atomically(file, "old");
  ::chmod(file.c_str(), 0640);
  std::filesystem::create_symlink("a", link);
  write_file_atomically(link, "new");
  CHECK(std::filesystem::is_symlink(link));
  CHECK(content_of(file) == "new");
  CHECK((std::filesystem::status(file).permissions() & std::filesystem::perms::all) ==
        static_cast<std::filesystem::perms>(0640));
  REQUIRE(::mkfifo(pipe.c_str(), 0600) == 0);
  const int reader = ::open(pipe.c_str(), O_RDONLY | O_NONBLOCK);
  write_file_atomically(pipe, "through");
  char bytes[16] = "";
  CHECK(::read(reader, bytes, sizeof bytes) == 7);
  ::close(reader);
  CHECK(std::filesystem::is_fifo(pipe));
  write_file_atomically("/dev/null", "nothing");
}

TEST_CASE("what could not be written is said before the work, and a file of another kind is not replaced") {
  const TemporaryFolder folder("atomic_file");
  const auto error_of = [](const std::filesystem::path& file) {
    return user_error_of([&] { check_output_file("--json", file, kJsonBegin); });
  };
  write_file_atomically(folder.path / "a.json", "{}");
  write_file_atomically(folder.path / "notes", "mine");
  CHECK(error_of(folder.path / "a.json") == "(no error)");
  CHECK(error_of(folder.path / "fresh.json") == "(no error)");
  CHECK(error_of("/dev/stdout") == "(no error)");
  CHECK(error_of(folder.path / "notes").find("not replaced") != std::string::npos);
  CHECK(error_of(folder.path).find("this is a folder") != std::string::npos);
  CHECK(error_of(folder.path / "none/a.json").find("make it first") != std::string::npos);
  CHECK(user_error_of([&] { check_png("--out", folder.path / "a.jpg"); }).find("end in .png") != std::string::npos);
}
