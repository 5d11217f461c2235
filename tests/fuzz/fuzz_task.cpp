#include "sim/task/task.h"
#include "tests/fuzz/fuzz.h"

using namespace medal;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  return try_to_read("task.json", as_text(bytes, size),
                     [](const std::filesystem::path& path) { task_from_json(content_of(path)); });
}
