#include "agents/memory/memories.h"

#include <algorithm>
#include <array>

#include "agents/memory/memory_cell.h"
#include "sim/base/error.h"

namespace medal {

// A memory is a file that defines one of these, and its line below.
std::unique_ptr<MemoryCell> make_lstm_memory(const MemoryPlan& plan);
std::unique_ptr<MemoryCell> make_no_memory(const MemoryPlan& plan);

namespace {

constexpr std::array kKinds = {
    MemoryKind{"lstm", make_lstm_memory},
    MemoryKind{"none", make_no_memory},
};

constexpr auto kNames = [] {
  std::array<std::string_view, kKinds.size()> names;
  for (std::size_t i = 0; i < names.size(); ++i) names[i] = kKinds[i].name;
  return names;
}();

}  // namespace

std::span<const MemoryKind> memory_kinds() { return kKinds; }
std::span<const std::string_view> memory_names() { return kNames; }

int memory_kind(std::string_view name) {
  const auto found = std::find(kNames.begin(), kNames.end(), name);
  MEDAL_CHECK(found != kNames.end(), std::string(name));
  return static_cast<int>(found - kNames.begin());
}

}  // namespace medal
