#include "experiments/card/numbers/order_votes.h"

#include <algorithm>
#include <numeric>

#include "sim/base/random.h"
#include "tests/support/catch.h"

using namespace medal;

namespace {

constexpr float kRate = 10;
constexpr Span kAlways{-1, 1e9};

std::vector<int> some_order(int goals, std::uint64_t seed) {
  std::vector<int> order(static_cast<std::size_t>(goals));
  std::iota(order.begin(), order.end(), 0);
  Random(seed).shuffle(std::span(order));
  return order;
}

/// Goals entered one after the other, a second apart; what they pay is no matter here.
std::vector<GoalEntry> entries_of(const std::vector<int>& goals) {
  std::vector<GoalEntry> entries;
  for (const int goal : goals)
    entries.push_back({static_cast<int>(kRate) * static_cast<int>(entries.size() + 1), goal, 1});
  return entries;
}

/// Whoever takes any goal but the one it is in, all alike.
std::vector<GoalEntry> explorer(int goals, int count, std::uint64_t seed) {
  Random random(seed);
  std::vector<int> entered = {0};
  while (static_cast<int>(entered.size()) < count) {
    const int other = random.integer(0, goals - 2);
    entered.push_back(other + (other >= entered.back() ? 1 : 0));
  }
  return entries_of(entered);
}

double share(const Votes& votes) { return static_cast<double>(votes.one) / votes.deciding(); }

}  // namespace

TEST_CASE("a contrary order shares no neighbours with 5 goals or more, and two pairs of four with 4") {
  for (int goals = 4; goals <= kMaximumGoals; ++goals)
    for (std::uint64_t seed = 0; seed < 20; ++seed) {
      const std::vector<int> order = some_order(goals, seed), contrary = contrary_order(order, seed);
      INFO(goals << " goals, seed " << seed);
      CHECK(std::is_permutation(order.begin(), order.end(), contrary.begin(), contrary.end()));
      CHECK(common_neighbours(order, contrary) == (goals == 4 ? 2 : 0));
      CHECK(contrary_order(order, seed) == contrary);
    }
}

TEST_CASE("whoever goes in an order follows that order alone, either way round") {
  for (int goals = 4; goals <= kMaximumGoals; ++goals) {
    const std::vector<int> order = some_order(goals, 3), contrary = contrary_order(order, 3);
    std::vector<int> laps;
    for (int i = 0; i < 3; ++i) laps.insert(laps.end(), order.begin(), order.end());
    for (int way : {0, 1}) {
      if (way == 1) std::reverse(laps.begin(), laps.end());
      const Votes votes = count_votes(entries_of(laps), kRate, kAlways, order, contrary);
      CHECK(share(votes) == 1.0);
      CHECK(votes.all() == 3 * goals - 1);
      CHECK((way == 0 ? votes.backward : votes.forward) == 0);
      CHECK(share(count_votes(entries_of(laps), kRate, kAlways, contrary, order)) == 0.0);
    }
  }
}

TEST_CASE("chance is one half: exactly, for what is the same in both copies") {
  for (int goals = 4; goals <= kMaximumGoals; ++goals) {
    const std::vector<int> order = some_order(goals, 5), contrary = contrary_order(order, 5);
    const std::vector<GoalEntry> entries = explorer(goals, 4000, 7);
    Votes votes = count_votes(entries, kRate, kAlways, order, contrary);
    CHECK(share(votes) == Approx(0.5).margin(0.04));
    // With 5 goals each step is in one of two disjoint orders, with more some are in neither, with 4 some in both.
    CHECK((votes.both > 0) == (goals == 4));
    CHECK((votes.neither > 0) == (goals > 5));
    votes += count_votes(entries, kRate, kAlways, contrary, order);
    CHECK(share(votes) == 0.5);
  }
}

TEST_CASE("only entries within the time count, each from the goal before it, whenever that was") {
  const std::vector<int> order = {0, 1, 2, 3, 4}, contrary = {0, 2, 4, 1, 3};
  const std::vector<GoalEntry> entries = entries_of({0, 2, 3, 4, 1});  // at 1, 2 .. 5 s
  const Votes votes = count_votes(entries, kRate, {2, 4}, order, contrary);
  CHECK(votes.one == 2);  // 2 -> 3, 3 -> 4
  CHECK(votes.other == 0);
  CHECK(votes.forward == 2);
  CHECK(count_votes(entries, kRate, {4, 5}, order, contrary).other == 1);  // 4 -> 1
}

TEST_CASE("the way round that counts is the last one until then") {
  const std::vector<int> order = {0, 1, 2, 3, 4};
  const std::vector<GoalEntry> entries = entries_of({0, 1, 2, 4, 3});
  CHECK(direction_by(entries, kRate, 1, order) == 0);
  CHECK(direction_by(entries, kRate, 2, order) == 1);
  CHECK(direction_by(entries, kRate, 4, order) == 1);
  CHECK(direction_by(entries, kRate, 5, order) == -1);
}
