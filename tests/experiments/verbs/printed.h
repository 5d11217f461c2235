#pragma once

#include <filesystem>
#include <string>

#include "tests/support/catch.h"
#include "tests/support/file_helpers.h"
#include "tests/support/program_helpers.h"

namespace medal {

/// Whether what run_medal ran last in the folder has printed that.
inline bool says(const std::filesystem::path& folder, const std::string& part) {
  return content_of(folder / "stdout.txt").find(part) != std::string::npos;
}

/// The line of `medal info` that tells two networks apart.
inline std::string parameter_hash(const std::filesystem::path& folder, const std::string& agent) {
  REQUIRE(run_medal(folder, {"info", agent}).exit_code == 0);
  const std::string text = content_of(folder / "stdout.txt");
  const std::size_t begin = text.find("parameters   hash");
  REQUIRE(begin != std::string::npos);
  return text.substr(begin, text.find('\n', begin) - begin);
}

}  // namespace medal
