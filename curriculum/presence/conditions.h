#pragma once

#include <array>

#include "sim/episode/episode.h"

namespace medal {

/// The conditions of the transmission metric (Bhoopchand et al. 2023): learners 0, 1, 2 of one world, side by side from
/// one spawn, see the expert always (full), until half-time (half), never (solo).
inline constexpr int kConditions = 3;
inline constexpr std::array<PresenceKind, kConditions> kConditionKinds = {PresenceKind::full, PresenceKind::half,
                                                                          PresenceKind::solo};

/// Gives learners 0, 1, 2 of the spec these conditions, adding what it lacks of them; further learners stay as they
/// are. spec.steps must be set.
void add_conditions(EpisodeSpec& spec);
/// The same, but under half presence the expert leaves at that step, in place of half-time.
void add_conditions(EpisodeSpec& spec, int leave_step);

/// What the three and the expert scored, at penalty 1.
struct ConditionScores {
  double full = 0, half = 0, solo = 0, expert = 0;
};

/// CT, the measure of imitation and of recall (Bhoopchand et al. 2023): (full - solo) / 2E + (half - solo) / 2E with E
/// the expert's score; 1 for whoever always does as well as the expert but nothing alone. 0 where the expert scores 0
/// or less. Over several tasks it is taken of the means, or sums, of the scores.
double cultural_transmission(double full, double half, double solo, double expert);

}  // namespace medal
