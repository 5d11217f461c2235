#include "experiments/card/numbers/played.h"

#include <limits>

namespace medal {
namespace {

constexpr Span kAlways{-1, std::numeric_limits<double>::infinity()};

}  // namespace

double seconds_of(const GoalEntry& entry, float rate) { return entry.step / static_cast<double>(rate); }

bool within(const GoalEntry& entry, float rate, const Span& span) {
  const double seconds = seconds_of(entry, rate);
  return span.begin < seconds && seconds <= span.end;
}

double score_in(const Track& track, float rate, const Span& span) {
  int score = 0;
  for (const GoalEntry& entry : track.entries)
    if (within(entry, rate, span)) score += entry.reward;
  return score;
}

double score_of(const Track& track) { return score_in(track, 1.0F, kAlways); }

FourScores four_scores_in(const Played& played, const Span& span) {
  const auto score = [&](const Track& track) { return score_in(track, played.rate(), span); };
  return {score(played.learners[0]), score(played.learners[1]), score(played.learners[2]), score(played.expert)};
}

FourScores four_scores(const Played& played) { return four_scores_in(played, kAlways); }

}  // namespace medal
