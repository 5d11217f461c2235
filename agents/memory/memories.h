#pragma once

#include <memory>
#include <span>
#include <string_view>

namespace medal {

class MemoryCell;
struct MemoryPlan;

/// A kind of memory, by its name in network.memory.
struct MemoryKind {
  std::string_view name;
  std::unique_ptr<MemoryCell> (*make)(const MemoryPlan& plan);
};

/// All there are: memories.cpp holds one line for each.
std::span<const MemoryKind> memory_kinds();
/// Their names, in the same order.
std::span<const std::string_view> memory_names();
/// The index of a name that there is.
int memory_kind(std::string_view name);

}  // namespace medal
