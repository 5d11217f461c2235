#include "tests/experiments/metrics/event_reader.h"

#include <algorithm>
#include <cstring>
#include <functional>

#include "tests/support/catch.h"
#include "tests/support/file_helpers.h"

namespace medal {
namespace {

/// Bit by bit, from the definition: reflected polynomial 0x82F63B78.
std::uint32_t masked_crc(const std::string& bytes) {
  std::uint32_t crc = 0xFFFFFFFF;
  for (const char byte : bytes) {
    crc ^= static_cast<unsigned char>(byte);
    for (int bit = 0; bit < 8; ++bit) crc = (crc & 1) != 0 ? (crc >> 1) ^ 0x82F63B78 : crc >> 1;
  }
  crc = ~crc;
  return ((crc >> 15) | (crc << 17)) + 0xA282EAD8;
}

class Cursor {
 public:
  explicit Cursor(std::string bytes) : bytes_(std::move(bytes)) {}
  bool at_end() const { return position_ == bytes_.size(); }

  std::string take(std::size_t count) {
    REQUIRE(count <= bytes_.size() - position_);
    position_ += count;
    return bytes_.substr(position_ - count, count);
  }
  template <class Number>
  Number number() {
    Number value;
    std::memcpy(&value, take(sizeof(Number)).data(), sizeof(Number));
    return value;
  }
  std::uint64_t varint() {
    std::uint64_t value = 0;
    for (int shift = 0;; shift += 7) {
      REQUIRE(shift < 70);
      const auto byte = static_cast<unsigned char>(take(1)[0]);
      value |= static_cast<std::uint64_t>(byte & 0x7F) << shift;
      if (byte < 0x80) return value;
    }
  }

 private:
  std::string bytes_;
  std::size_t position_ = 0;
};

struct WireField {
  std::uint64_t number = 0, integer = 0;
  double wide = 0;
  float narrow = 0;
  std::string bytes;
};

void for_each_field(const std::string& message, const std::function<void(const WireField&)>& use) {
  for (Cursor cursor(message); !cursor.at_end();) {
    const std::uint64_t key = cursor.varint();
    WireField field;
    field.number = key >> 3;
    switch (key & 7) {
      case 0:
        field.integer = cursor.varint();
        break;
      case 1:
        field.wide = cursor.number<double>();
        break;
      case 2:
        field.bytes = cursor.take(cursor.varint());
        break;
      case 5:
        field.narrow = cursor.number<float>();
        break;
      default:
        FAIL("wire type " << (key & 7));
    }
    use(field);
  }
}

void read_summary(const std::string& summary, ReadEvent& event) {
  for_each_field(summary, [&](const WireField& value) {
    REQUIRE(value.number == 1);
    for_each_field(value.bytes, [&](const WireField& field) {
      if (field.number == 1) event.tag = field.bytes;
      if (field.number == 2) event.value = field.narrow;
    });
  });
}

ReadEvent read_event(const std::string& message) {
  ReadEvent event;
  for_each_field(message, [&](const WireField& field) {
    if (field.number == 1) event.wall_time = field.wide;
    if (field.number == 2) event.step = static_cast<std::int64_t>(field.integer);
    if (field.number == 3) event.file_version = field.bytes;
    if (field.number == 5) read_summary(field.bytes, event);
    if (field.number == 7) event.session_start = field.bytes == std::string("\x08\x01", 2);
  });
  return event;
}

}  // namespace

std::vector<ReadEvent> read_events(const std::filesystem::path& file) {
  std::vector<ReadEvent> events;
  for (Cursor cursor(content_of(file)); !cursor.at_end();) {
    const std::string length = cursor.take(8);
    REQUIRE(cursor.number<std::uint32_t>() == masked_crc(length));
    const std::string data = cursor.take(Cursor(length).number<std::uint64_t>());
    REQUIRE(cursor.number<std::uint32_t>() == masked_crc(data));
    events.push_back(read_event(data));
  }
  return events;
}

std::vector<std::filesystem::path> event_files(const std::filesystem::path& folder) {
  std::vector<std::filesystem::path> files;
  for (const auto& entry : std::filesystem::directory_iterator(folder)) files.push_back(entry.path());
  std::sort(files.begin(), files.end());
  return files;
}

}  // namespace medal
