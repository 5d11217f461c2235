#pragma once

#include <cstdint>
#include <cstdlib>

#include "tests/support/catch.h"
#include "tests/support/file_helpers.h"

namespace medal {

struct PictureSize {
  std::uint32_t width = 0, height = 0;  ///< pixels
};

/// Of a PNG; fails the test where the file is none.
inline PictureSize picture_size(const std::filesystem::path& file) {
  const std::string bytes = content_of(file);
  REQUIRE(bytes.substr(0, 8) == "\x89PNG\r\n\x1A\n");
  const auto big_endian = [&](std::size_t offset) {
    std::uint32_t value = 0;
    for (std::size_t i = offset; i < offset + 4; ++i) value = value << 8 | static_cast<unsigned char>(bytes.at(i));
    return value;
  };
  return {big_endian(16), big_endian(20)};
}

inline auto files_in(const std::filesystem::path& folder) {
  return std::distance(std::filesystem::directory_iterator(folder), std::filesystem::directory_iterator());
}

/// An environment variable until the end of the test.
class Variable {
 public:
  Variable(const char* name, const std::string& value) : name_(name), old_(std::getenv(name) ? std::getenv(name) : "") {
    ::setenv(name, value.c_str(), 1);
  }
  ~Variable() { old_.empty() ? ::unsetenv(name_) : ::setenv(name_, old_.c_str(), 1); }
  Variable(const Variable&) = delete;
  Variable& operator=(const Variable&) = delete;

 private:
  const char* name_;
  std::string old_;
};

}  // namespace medal
