#pragma once

#include "sim/base/random.h"
#include "sim/episode/episode.h"

namespace medal {

/// Expert dropout: draws when one learner sees the expert in an episode of `steps` control steps.
/// - full, solo: always, never.
/// - half: until steps / 2.
/// - markov: seen at the start with chance present_at_start; stays last an exponential time of mean present_seconds or
///   absent_seconds, at least one step.
/// - bernoulli: drawn anew each step, the chance going linearly from bernoulli_start to bernoulli_end.
PresenceTimeline sample_presence(const TaskParameters& parameters, int steps, Random& random);

}  // namespace medal
