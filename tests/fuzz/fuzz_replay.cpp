#include <zstd.h>

#include "agents/recordings/replay.h"
#include "tests/fuzz/fuzz.h"

using namespace medal;

/// The bytes are what is packed in the file.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  std::string packed(ZSTD_compressBound(size), '\0');
  packed.resize(ZSTD_compress(packed.data(), packed.size(), bytes, size, 1));
  const std::string file = sealed("MEDALREP" + packed);
  return try_to_read("a.replay", file, [](const std::filesystem::path& path) { find_differences(load_replay(path)); });
}
