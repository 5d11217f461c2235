#include "experiments/metrics/tensorboard.h"

#include <unistd.h>

#include <algorithm>
#include <array>
#include <bit>
#include <boost/crc.hpp>
#include <charconv>
#include <chrono>
#include <system_error>

#include "sim/base/atomic_file.h"

namespace medal {
namespace {

constexpr std::string_view kFilePrefix = "events.out.tfevents.";

// Protobuf's wire format, as far as `Event` needs it: a key is (field number * 8 + wire type), integers are varints,
// fixed numbers are little-endian, texts and messages come after their length.

void put_varint(std::string& out, std::uint64_t value) {
  for (; value >= 0x80; value >>= 7) out += static_cast<char>(0x80 | (value & 0x7F));
  out += static_cast<char>(value);
}

template <class Integer>
void put_little_endian(std::string& out, Integer value) {
  for (std::size_t byte = 0; byte < sizeof(Integer); ++byte) out += static_cast<char>((value >> (8 * byte)) & 0xFF);
}

void put_key(std::string& out, unsigned field, unsigned wire_type) { put_varint(out, field * 8 + wire_type); }

void put_integer(std::string& out, unsigned field, std::int64_t value) {
  put_key(out, field, 0);
  put_varint(out, static_cast<std::uint64_t>(value));
}

void put_double(std::string& out, unsigned field, double value) {
  put_key(out, field, 1);
  put_little_endian(out, std::bit_cast<std::uint64_t>(value));
}

void put_float(std::string& out, unsigned field, float value) {
  put_key(out, field, 5);
  put_little_endian(out, std::bit_cast<std::uint32_t>(value));
}

void put_bytes(std::string& out, unsigned field, std::string_view bytes) {
  put_key(out, field, 2);
  put_varint(out, bytes.size());
  out += bytes;
}

/// Fields of `Event` in tensorboard/compat/proto/event.proto.
enum EventField : unsigned { kWallTime = 1, kStep = 2, kFileVersion = 3, kSummary = 5, kSessionLog = 7 };

double seconds_since_1970() {
  return std::chrono::duration<double>(std::chrono::system_clock::now().time_since_epoch()).count();
}

std::string event(std::int64_t step, EventField content_field, std::string_view content) {
  std::string out;
  put_double(out, kWallTime, seconds_since_1970());
  put_integer(out, kStep, step);
  put_bytes(out, content_field, content);
  return out;
}

/// Summary{value{tag = 1, simple_value = 2} = 1}
std::string scalar_summary(std::string_view tag, float number) {
  std::string value, summary;
  put_bytes(value, 1, tag);
  put_float(value, 2, number);
  put_bytes(summary, 1, value);
  return summary;
}

/// SessionLog{status = 1: START = 1}
std::string session_start() {
  std::string out;
  put_integer(out, 1, 1);
  return out;
}

/// TFRecord: length, its CRC, data, its CRC.
void put_record(std::string& out, std::string_view data) {
  std::string length;
  put_little_endian(length, static_cast<std::uint64_t>(data.size()));
  out += length;
  put_little_endian(out, masked_crc32c(length));
  out += data;
  put_little_endian(out, masked_crc32c(data));
}

/// Now, but later than all event files of `folder`: TensorBoard reads them in the order of their names, and a clock
/// may have been set back.
std::int64_t file_seconds(const std::filesystem::path& folder) {
  auto seconds = static_cast<std::int64_t>(seconds_since_1970());
  for (const auto& entry : std::filesystem::directory_iterator(folder)) {
    const std::string name = entry.path().filename().string();
    if (!name.starts_with(kFilePrefix)) continue;
    std::int64_t earlier = 0;
    std::from_chars(name.data() + kFilePrefix.size(), name.data() + name.size(), earlier);
    seconds = std::max(seconds, earlier + 1);
  }
  return seconds;
}

std::string host_name() {
  std::array<char, 256> name{};
  if (::gethostname(name.data(), name.size() - 1) != 0 || name[0] == '\0') return "localhost";
  return name.data();
}

std::filesystem::path new_file_path(const std::filesystem::path& folder) {
  try {
    std::filesystem::create_directories(folder);
    return folder / (std::string(kFilePrefix) + std::to_string(file_seconds(folder)) + "." + host_name() + "." +
                     std::to_string(::getpid()));
  } catch (const std::filesystem::filesystem_error& error) {
    throw cannot_write(folder, error.code().value());
  }
}

}  // namespace

std::uint32_t crc32c(std::string_view bytes) {
  boost::crc_optimal<32, 0x1EDC6F41, 0xFFFFFFFF, 0xFFFFFFFF, true, true> crc;
  crc.process_bytes(bytes.data(), bytes.size());
  return crc.checksum();
}

std::uint32_t masked_crc32c(std::string_view bytes) { return std::rotr(crc32c(bytes), 15) + 0xA282EAD8U; }

EventWriter::EventWriter(const std::filesystem::path& folder, std::int64_t purge_step) {
  file_.emplace(new_file_path(folder), AppendFile::Start::new_file);
  put_record(pending_, event(0, kFileVersion, "brain.Event:2"));
  if (purge_step >= 0) put_record(pending_, event(purge_step, kSessionLog, session_start()));
  flush();
}

EventWriter::~EventWriter() {
  try {
    flush();
  } catch (const UserError&) {
  }
}

void EventWriter::scalar(std::string_view tag, std::int64_t step, double value) {
  put_record(pending_, event(step, kSummary, scalar_summary(tag, static_cast<float>(value))));
}

void EventWriter::flush() {
  if (pending_.empty()) return;
  file_->append(pending_);
  pending_.clear();
}

}  // namespace medal
