#include "curriculum/presence/conditions.h"

#include <algorithm>

namespace medal {

void add_conditions(EpisodeSpec& spec) {
  if (spec.presence.size() < kConditions) spec.presence.resize(kConditions);
  for (std::size_t k = 0; k < kConditions; ++k) spec.presence[k] = fixed_presence(kConditionKinds[k], spec.steps);
  spec.common_spawn = true;
}

void add_conditions(EpisodeSpec& spec, int leave_step) {
  add_conditions(spec);
  for (std::size_t k = 0; k < kConditions; ++k)
    if (kConditionKinds[k] == PresenceKind::half) spec.presence[k].toggles = {std::clamp(leave_step, 1, spec.steps)};
}

double cultural_transmission(double full, double half, double solo, double expert) {
  return expert > 0.0 ? ((full - solo) + (half - solo)) / (2.0 * expert) : 0.0;
}

}  // namespace medal
