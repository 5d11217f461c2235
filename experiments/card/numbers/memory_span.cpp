#include "experiments/card/numbers/memory_span.h"

namespace medal {

double memory_span(const Track& learner, const Track& expert, float rate, const Span& alone) {
  constexpr double kBetween = 10;
  for (double begin = alone.begin; begin + kMemoryWindow <= alone.end; begin += kBetween) {
    const Span window{begin, begin + kMemoryWindow};
    if (2 * score_in(learner, rate, window) < score_in(expert, rate, window)) return begin - alone.begin;
  }
  return alone.end - alone.begin;
}

}  // namespace medal
