#include "experiments/config/config_file.h"
#include "tests/fuzz/fuzz.h"

using namespace medal;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  return try_to_read("a.toml", as_text(bytes, size), [](const std::filesystem::path& path) { load_config(&path, {}); });
}
