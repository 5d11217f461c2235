#include "agents/heads/heads.h"

#include <array>

#include "agents/heads/auxiliary_head.h"
#include "sim/base/error.h"

namespace medal {

// A head is a file that defines one of these, and its line below.
AuxiliaryHead expert_place_head();
AuxiliaryHead order_head();

std::span<const AuxiliaryHead> auxiliary_heads() {
  static const std::array heads = {
      expert_place_head(),
      order_head(),
  };
  return heads;
}

std::size_t head_index(std::string_view name) {
  for (std::size_t i = 0; i < auxiliary_heads().size(); ++i)
    if (auxiliary_heads()[i].name == name) return i;
  MEDAL_CHECK(false, std::string(name));
}

}  // namespace medal
