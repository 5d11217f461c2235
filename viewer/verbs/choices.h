#pragma once

#include <algorithm>
#include <array>
#include <string>
#include <string_view>
#include <vector>

namespace medal {

/// The words that an option may have, as CLI::IsMember takes them.
template <std::size_t Count>
std::vector<std::string> choices(const std::array<std::string_view, Count>& names) {
  return {names.begin(), names.end()};
}

/// Which one a word is, of an enum with these names in its order. The word must be one of them.
template <class Kind, std::size_t Count>
Kind choice_of(const std::array<std::string_view, Count>& names, std::string_view word) {
  return static_cast<Kind>(std::find(names.begin(), names.end(), word) - names.begin());
}

}  // namespace medal
