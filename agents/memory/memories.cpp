#include "agents/memory/memories.h"

#include <algorithm>
#include <array>

#include "agents/memory/memory_cell.h"
#include "sim/base/error.h"

namespace medal {

// A memory is a file that defines std::unique_ptr<MemoryCell> make_NAME_memory(const MemoryPlan&), and a line here.
#define MEDAL_MEMORIES(MEMORY) \
  MEMORY(lstm)                 \
  MEMORY(none)                 \
  MEMORY(events)               \
  MEMORY(events_only)          \
  MEMORY(gru)                  \
  MEMORY(min_gru)

#define MEDAL_DECLARE(name) std::unique_ptr<MemoryCell> make_##name##_memory(const MemoryPlan& plan);
MEDAL_MEMORIES(MEDAL_DECLARE)

namespace {

#define MEDAL_ENTRY(name) MemoryKind{#name, make_##name##_memory},
constexpr std::array kKinds = {MEDAL_MEMORIES(MEDAL_ENTRY)};

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
