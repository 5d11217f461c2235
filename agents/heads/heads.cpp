#include "agents/heads/heads.h"

#include <vector>

#include "agents/heads/auxiliary_head.h"
#include "sim/base/error.h"

namespace medal {

// A head is a file that defines AuxiliaryHead NAME_head(), and a line here.
#define MEDAL_HEADS(HEAD) \
  HEAD(expert_place)      \
  HEAD(order)

#define MEDAL_DECLARE(name) AuxiliaryHead name##_head();
MEDAL_HEADS(MEDAL_DECLARE)

std::span<const AuxiliaryHead> auxiliary_heads() {
#define MEDAL_MAKE(name) name##_head(),
  static const std::vector<AuxiliaryHead> heads = {MEDAL_HEADS(MEDAL_MAKE)};
  return heads;
}

std::size_t head_index(std::string_view name) {
  for (std::size_t i = 0; i < auxiliary_heads().size(); ++i)
    if (auxiliary_heads()[i].name == name) return i;
  MEDAL_CHECK(false, std::string(name));
}

}  // namespace medal
