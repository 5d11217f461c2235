#include "curriculum/adr/policy.h"

namespace medal {

void draw_ranges(const std::vector<AdrRange>& ranges, TaskParameters& parameters, bool upper_half, Random& random) {
  for (const AdrRange& range : ranges) {
    const double low = upper_half ? 0.5 * (range.low + range.high) : range.low;
    draw_knob(parameters, range.knob, low, range.high, random);
  }
}

}  // namespace medal
