#pragma once

#include <array>

#include "agents/scores/evaluation_result.h"

namespace medal {

/// One of four scores, as the JSON and people call it.
struct ScoreKind {
  const char* name;
  const char* title;
  double FourScores::*member;
};
inline constexpr std::array<ScoreKind, 4> kScoreKinds = {{{"full", "expert always seen (full)", &FourScores::full},
                                                          {"half", "seen until half-time (half)", &FourScores::half},
                                                          {"solo", "never seen (solo)", &FourScores::solo},
                                                          {"expert", "the expert itself (E)", &FourScores::expert}}};

}  // namespace medal
