#include "curriculum/presence/presence.h"

#include <algorithm>
#include <cmath>

#include "sim/base/error.h"

namespace medal {

namespace {

PresenceTimeline markov_presence(const TaskParameters& parameters, int steps, Random& random) {
  PresenceTimeline timeline{PresenceKind::markov, random.bernoulli(parameters.present_at_start), {}};
  bool present = timeline.at_start;
  double time = 0;  // in control steps, kept unrounded so that the means hold
  int last = 0;
  for (;;) {
    const float seconds = random.exponential(present ? parameters.present_seconds : parameters.absent_seconds);
    time = std::max(time + static_cast<double>(seconds) * static_cast<double>(parameters.control_rate), last + 1.0);
    if (time >= steps) return timeline;
    last = std::max(last + 1, static_cast<int>(std::lround(time)));
    if (last >= steps) return timeline;
    timeline.toggles.push_back(last);
    present = !present;
  }
}

PresenceTimeline bernoulli_presence(const TaskParameters& parameters, int steps, Random& random) {
  PresenceTimeline timeline{PresenceKind::bernoulli, false, {}};
  bool present = false;
  for (int step = 0; step < steps; ++step) {
    const float share = steps > 1 ? static_cast<float>(step) / static_cast<float>(steps - 1) : 0.0F;
    const bool now =
        random.bernoulli(parameters.bernoulli_start + share * (parameters.bernoulli_end - parameters.bernoulli_start));
    if (step == 0)
      timeline.at_start = now;
    else if (now != present)
      timeline.toggles.push_back(step);
    present = now;
  }
  return timeline;
}

}  // namespace

PresenceTimeline sample_presence(const TaskParameters& parameters, int steps, Random& random) {
  switch (parameters.presence) {
    case PresenceKind::markov:
      return markov_presence(parameters, steps, random);
    case PresenceKind::bernoulli:
      return bernoulli_presence(parameters, steps, random);
    default:
      return fixed_presence(parameters.presence, steps);
  }
}

}  // namespace medal
