#pragma once

#include <xxhash.h>

#include <cstdint>
#include <cstdlib>
#include <fstream>
#include <string>
#include <string_view>

#include "sim/base/error.h"
#include "tests/support/file_helpers.h"

namespace medal {

/// Lets `read` read a file of that name and content. It may take it, or refuse it in one line; all else, and what a
/// sanitizer finds, ends the process.
template <class Read>
int try_to_read(const std::string& name, std::string_view content, Read&& read) {
  static const TemporaryFolder folder("fuzz_" + name);
  const std::filesystem::path file = folder.path / name;
  std::ofstream(file, std::ios::binary) << content;
  try {
    read(file);
  } catch (const UserError& error) {
    if (std::string_view(error.what()).find('\n') != std::string_view::npos) std::abort();
  }
  return 0;
}

/// With the checksum at its end that such a file has, so that what is behind it is read too.
inline std::string sealed(std::string content) {
  const std::uint64_t hash = XXH3_64bits(content.data(), content.size());
  return content.append(reinterpret_cast<const char*>(&hash), sizeof hash);
}

inline std::string_view as_text(const std::uint8_t* bytes, std::size_t size) {
  return {reinterpret_cast<const char*>(bytes), size};
}

}  // namespace medal
