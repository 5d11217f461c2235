#pragma once

#include <cstdint>
#include <cstdlib>
#include <functional>
#include <string>

#include "experiments/processes/child_process.h"
#include "tests/support/places.h"

namespace medal {

/// Whether all cases of an enumeration shall run (`./medal test --all`), not only a share of them.
inline bool run_all_cases() { return std::getenv("MEDAL_TEST_ALL") != nullptr; }

/// Which share this commit runs: another for each, and the same for each run of one.
inline std::uint64_t share_of_commit() {
  const std::string command = "git -C '" + source_folder().string() + "' rev-parse HEAD >&2";
  return std::hash<std::string>()(run_child({"/bin/sh", "-c", command}).errors);
}

}  // namespace medal
