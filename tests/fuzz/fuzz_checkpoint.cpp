#include "agents/checkpoint/checkpoint.h"
#include "agents/checkpoint/rank_state.h"
#include "experiments/runs/loaded_agent.h"
#include "tests/fuzz/fuzz.h"

using namespace medal;

/// Whatever the bytes are, what is between magic and checksum is read.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  constexpr std::string_view kMagic = "MEDALCKP";
  if (size < 2 * kMagic.size()) return 0;
  const std::string file = sealed(std::string(kMagic) + std::string(as_text(bytes, size).substr(8, size - 16)));
  return try_to_read("a.medal", file, [](const std::filesystem::path& path) {
    const Checkpoint checkpoint(path);
    load_agent(checkpoint, {});
    if (checkpoint.has_live_state()) checkpoint.rank_state(0);
    checkpoint.parameter_hash();
    checkpoint.difference_from(checkpoint);
  });
}
