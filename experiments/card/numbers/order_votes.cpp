#include "experiments/card/numbers/order_votes.h"

#include <cstdlib>

#include "sim/base/random.h"
#include "sim/generation/crossings.h"
#include "sim/rewards/order.h"

namespace medal {
namespace {

constexpr int kTries = 200;  // 1 of 12 orders of 5 goals has no neighbours in common with one that is given

}  // namespace

bool neighbours(std::span<const int> order, int a, int b) { return step_direction(order, a, b) != 0; }

int common_neighbours(std::span<const int> one, std::span<const int> other) {
  int common = 0;
  for (std::size_t i = 0; i < one.size(); ++i)
    if (neighbours(other, one[i], one[(i + 1) % one.size()])) ++common;
  return common;
}

std::vector<int> contrary_order(std::span<const int> order, std::uint64_t seed) {
  Random random(seed);
  std::vector<int> candidate(order.begin(), order.end()), best = candidate;
  int least = static_cast<int>(order.size());
  for (int attempt = 0; attempt < kTries && least > 0; ++attempt) {
    random.shuffle(std::span(candidate));
    const int common = common_neighbours(order, candidate);
    if (common >= least) continue;
    least = common;
    best = candidate;
  }
  return best;
}

Task with_order(const Task& task, std::vector<int> order) {
  Task changed = task;
  changed.order = std::move(order);
  std::vector<Vec2> tour;
  for (const int goal : changed.order) tour.emplace_back(task.goals[static_cast<std::size_t>(goal)].center.head<2>());
  changed.crossings = count_crossings(tour);
  return changed;
}

Votes& Votes::operator+=(const Votes& votes) {
  one += votes.one, other += votes.other, both += votes.both, neither += votes.neither;
  forward += votes.forward, backward += votes.backward;
  return *this;
}

Votes count_votes(const std::vector<GoalEntry>& entries, float rate, const Span& span, std::span<const int> one,
                  std::span<const int> other) {
  Votes votes;
  for (std::size_t i = 1; i < entries.size(); ++i) {
    if (!within(entries[i], rate, span)) continue;
    const int from = entries[i - 1].goal, to = entries[i].goal;
    const int way = step_direction(one, from, to);
    const bool in_other = neighbours(other, from, to);
    ++(way != 0 ? (in_other ? votes.both : votes.one) : (in_other ? votes.other : votes.neither));
    if (way != 0) ++(way > 0 ? votes.forward : votes.backward);
  }
  return votes;
}

int direction_by(const std::vector<GoalEntry>& entries, float rate, double seconds, std::span<const int> order) {
  int direction = 0;
  for (std::size_t i = 1; i < entries.size() && seconds_of(entries[i], rate) <= seconds; ++i)
    if (const int way = step_direction(order, entries[i - 1].goal, entries[i].goal); way != 0) direction = way;
  return direction;
}

}  // namespace medal
