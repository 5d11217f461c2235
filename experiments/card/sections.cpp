#include "experiments/card/section.h"

namespace medal {

// A section is a file that defines CardSection NAME_section(), and a line here.
#define MEDAL_SECTIONS(SECTION) \
  SECTION(transmission)         \
  SECTION(fidelity)             \
  SECTION(recall)               \
  SECTION(chain)                \
  SECTION(generalisation)       \
  SECTION(trust)                \
  SECTION(exploration)          \
  SECTION(mind)                 \
  SECTION(walking)

#define MEDAL_DECLARE(name) CardSection name##_section();
MEDAL_SECTIONS(MEDAL_DECLARE)

std::span<const CardSection> card_sections() {
#define MEDAL_MAKE(name) name##_section(),
  static const std::vector<CardSection> all = {MEDAL_SECTIONS(MEDAL_MAKE)};
  return all;
}

}  // namespace medal
