#include "experiments/metrics/tensorboard.h"

#include <chrono>

#include "tests/experiments/metrics/event_reader.h"
#include "tests/support/catch.h"
#include "tests/support/file_helpers.h"

using namespace medal;

TEST_CASE("checksums are CRC-32C, masked as TFRecord asks") {
  CHECK(crc32c("123456789") == 0xE3069283);
  CHECK(crc32c(std::string(32, '\0')) == 0x8A9136AA);  // RFC 3720, B.4
  CHECK(crc32c("") == 0);
  CHECK(masked_crc32c("") == 0xA282EAD8);
  CHECK(masked_crc32c("123456789") == 0xC78AB0E5);
}

TEST_CASE("scalars read back from an event file") {
  const TemporaryFolder folder("tensorboard_test");
  const double before = std::chrono::duration<double>(std::chrono::system_clock::now().time_since_epoch()).count();
  {
    EventWriter writer(folder.path / "made" / "tensorboard", -1);
    writer.scalar("score/all", 0, 1.5);
    writer.scalar("loss/policy", 300, -0.25);
    writer.scalar(std::string(200, 'x'), std::int64_t{1} << 40, 1e9);
  }
  const auto files = event_files(folder.path / "made" / "tensorboard");
  REQUIRE(files.size() == 1);
  CHECK(files[0].filename().string().starts_with("events.out.tfevents."));
  const auto events = read_events(files[0]);
  REQUIRE(events.size() == 4);
  CHECK(events[0].file_version == "brain.Event:2");
  CHECK(events[1].tag == "score/all");
  CHECK(events[1].step == 0);
  CHECK(events[1].value == 1.5F);
  CHECK(events[2].step == 300);
  CHECK(events[2].value == -0.25F);
  CHECK(events[3].tag == std::string(200, 'x'));
  CHECK(events[3].step == std::int64_t{1} << 40);
  for (const ReadEvent& event : events) {
    CHECK(event.wall_time >= before);
    CHECK(event.wall_time < before + 60);
    CHECK_FALSE(event.session_start);
  }
}

TEST_CASE("nothing is lost between flushes and a resumed sitting has its own, later file") {
  const TemporaryFolder folder("tensorboard_test");
  EventWriter first(folder.path, -1);
  first.scalar("a", 10, 1);
  first.flush();
  first.flush();
  const EventWriter second(folder.path, 8);
  const EventWriter third(folder.path, 0);
  const auto files = event_files(folder.path);
  REQUIRE(files.size() == 3);
  CHECK(read_events(files[0]).size() == 2);
  const auto events = read_events(files[1]);
  REQUIRE(events.size() == 2);
  CHECK(events[1].session_start);
  CHECK(events[1].step == 8);
  CHECK(read_events(files[2])[1].step == 0);
}

TEST_CASE("a flush that does not fit leaves whole records and says why; the next goes on") {
  const TemporaryFolder folder("tensorboard_test");
  EventWriter writer(folder.path, -1);
  writer.scalar("a", 1, 1);
  writer.flush();
  const auto file = event_files(folder.path).at(0);
  const std::string whole = content_of(file);
  for (int i = 0; i < 100; ++i) writer.scalar("b", i, i);
  std::string error;
  {
    const FileSizeLimit limit(whole.size() + 100);
    error = user_error_of([&] { writer.flush(); });
  }
  CHECK(error.find(file.string()) != std::string::npos);
  CHECK(error.find("File too large; raise the limit on file sizes") != std::string::npos);
  CHECK(content_of(file) == whole);
  writer.flush();
  CHECK(read_events(file).size() == 102);
}

TEST_CASE("a folder that cannot be made is the user's mistake") {
  const TemporaryFolder folder("tensorboard_test");
  std::ofstream(folder.path / "file") << "x";
  const std::string error = user_error_of([&] { EventWriter(folder.path / "file" / "tensorboard", -1); });
  CHECK(error.find((folder.path / "file" / "tensorboard").string()) != std::string::npos);
  CHECK(error.find("cannot be written") != std::string::npos);
}
