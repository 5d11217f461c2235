#pragma once

#include <memory>
#include <vector>

#include "agents/recordings/goal_entries.h"
#include "agents/scores/evaluation_result.h"
#include "sim/episode/presence_timeline.h"
#include "sim/task/task.h"

namespace medal {

/// What one player did in an episode.
struct Track {
  std::vector<GoalEntry> entries;  ///< paid and punished ones
  std::vector<Vec2> path;          ///< m, before the first control step and after each
};

/// An episode that was played to its end: what all numbers of the card are taken from.
struct Played {
  std::shared_ptr<const Task> task;  ///< null where this world of the task had no layout
  int steps = 0;
  std::vector<PresenceTimeline> presence;  ///< [learner]
  Track expert;
  std::vector<Track> learners;

  float rate() const { return task->parameters.control_rate; }  ///< Hz
};

/// A time of an episode in s: begin < t <= end.
struct Span {
  double begin = 0, end = 0;
};

/// Seconds after the episode's begin at which an entry counted.
double seconds_of(const GoalEntry& entry, float rate);
bool within(const GoalEntry& entry, float rate, const Span& span);

/// Paid minus punished entries in that time: the score at penalty 1.
double score_in(const Track& track, float rate, const Span& span);
/// Over the whole episode.
double score_of(const Track& track);
/// Of learners 0, 1, 2 under full, half and solo presence, and of the expert.
FourScores four_scores_in(const Played& played, const Span& span);
FourScores four_scores(const Played& played);

}  // namespace medal
