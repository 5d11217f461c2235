#pragma once

#include <span>
#include <vector>

#include "experiments/card/numbers/played.h"

namespace medal {

/// Whether two goals follow each other in the cyclic order, either way round.
bool neighbours(std::span<const int> order, int a, int b);
/// Pairs of goals that are neighbours in both orders.
int common_neighbours(std::span<const int> one, std::span<const int> other);

/// Another order of the same goals that has as few neighbours in common with this one as was found: none for 5 goals
/// or more (of 5 goals, the only such one), two for 4.
std::vector<int> contrary_order(std::span<const int> order, std::uint64_t seed);
/// The same task with that order.
Task with_order(const Task& task, std::vector<int> order);

/// Steps from one entered goal to the next, by which of two orders they follow.
struct Votes {
  int one = 0;                    ///< neighbours in the first order only
  int other = 0;                  ///< in the second only
  int both = 0;                   ///< they say nothing
  int neither = 0;                ///< as little
  int forward = 0, backward = 0;  ///< of those in the first order, the first only or both: with it, against it

  int deciding() const { return one + other; }
  int all() const { return one + other + both + neither; }
  Votes& operator+=(const Votes& votes);
};
/// Of the entries that counted within the time; the goal before may have been entered before it.
Votes count_votes(const std::vector<GoalEntry>& entries, float rate, const Span& span, std::span<const int> one,
                  std::span<const int> other);

/// The way round in which the player went last by then: +1 with the order, -1 against it, 0 if it did not.
int direction_by(const std::vector<GoalEntry>& entries, float rate, double seconds, std::span<const int> order);

}  // namespace medal
