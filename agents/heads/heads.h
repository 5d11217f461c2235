#pragma once

#include <span>
#include <string_view>

namespace medal {

struct AuxiliaryHead;

/// All auxiliary heads, in the order of their guesses: heads.cpp holds one line for each.
std::span<const AuxiliaryHead> auxiliary_heads();
/// The index of a head that there is.
std::size_t head_index(std::string_view name);

}  // namespace medal
