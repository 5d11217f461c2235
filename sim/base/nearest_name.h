#pragma once

#include <span>
#include <string>
#include <string_view>

namespace medal {

/// Single-character insertions, deletions and replacements that turn `a` into `b` (Levenshtein 1966).
int edit_distance(std::string_view a, std::string_view b);

/// The candidate nearest to a mistyped name, the first of equals; empty without candidates.
std::string nearest_name(std::string_view name, std::span<const std::string> candidates);

}  // namespace medal
