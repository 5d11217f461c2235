#include <cmath>

#include "experiments/card/numbers/estimates.h"
#include "experiments/card/numbers/laps.h"
#include "experiments/card/numbers/memory_span.h"
#include "experiments/card/numbers/walking.h"
#include "tests/support/catch.h"

using namespace medal;

namespace {

constexpr float kRate = 10;

/// One paid entry each second from `begin` to `end`.
Track payer(int begin, int end) {
  Track track;
  for (int second = begin; second <= end; ++second) track.entries.push_back({10 * second, second % 5, 1});
  return track;
}

Obstacle bar(SolidKind kind, const Vec3& center) { return {kind, center, {2, 0.15F, 0.3F}, 0}; }

}  // namespace

TEST_CASE("a ratio is one of sums, and none where there is nothing to divide by") {
  const Interval value = ratio({{1, 1}, {0, 3}});
  CHECK(value.mean == Approx(0.25));
  CHECK(value.low <= 0.25);
  CHECK(value.high >= 0.25);
  CHECK(std::isnan(ratio({{0, 0}, {0, 0}}).mean));
  CHECK(std::isnan(ratio({}).mean));
  const Interval rare = ratio({{1, 2}, {0, 0}, {0, 0}, {0, 0}});  // most resamples are without the one that counts
  CHECK(rare.mean == 0.5);
  CHECK(rare.low == 0.5);
  CHECK(rare.high == 0.5);
}

TEST_CASE("intervals cover the truth as often as they say, and shrink with the root of the number of tasks") {
  int covered = 0;
  double few = 0, many = 0;
  Random random(5);
  constexpr int kRepeats = 100;
  for (int i = 0; i < kRepeats; ++i) {
    std::vector<double> tasks(100);
    for (double& task : tasks) task = 3 + static_cast<double>(random.normal());
    const Interval whole = mean(tasks);
    covered += whole.low <= 3 && 3 <= whole.high ? 1 : 0;
    many += whole.high - whole.low;
    tasks.resize(25);
    const Interval part = mean(tasks);
    few += part.high - part.low;
  }
  CHECK(covered >= 88);
  CHECK(few / many == Approx(2).epsilon(0.1));
}

TEST_CASE("transmission over cells is the mean of theirs, and passes over those that were not played") {
  const FourScores recall{40, 40, 0, 40}, follower{40, 20, 0, 40}, idle{0, 0, 0, 0};
  CHECK(mean_transmission({{recall, follower, idle}, {recall, {}, idle}}, {true, true, true}).mean == Approx(0.875));
  CHECK(mean_transmission({{recall, follower}}, {false, true}).mean == Approx(0.75));
  CHECK(std::isnan(mean_transmission({{recall}}, {false}).mean));
}

TEST_CASE("a median is reached by half of the tasks") {
  CHECK(median({5, 1, 3}).mean == 3);
  CHECK(median({4, 1, 3, 2}).mean == 2);
}

TEST_CASE("memory lasts until half is lost: never for who goes on as the expert does, at once for who stops") {
  const Track expert = payer(1, 300);
  const Span alone{30, 300};
  CHECK(memory_span(expert, expert, kRate, alone) == 270);
  CHECK(memory_span(payer(1, 30), expert, kRate, alone) == 0);
  // Gone after 100 s: the window from 90 s on holds 10 of 30 entries, the one from 80 s on 20.
  CHECK(memory_span(payer(1, 100), expert, kRate, alone) == 60);
}

TEST_CASE("a lap is each goal once and back, without a mistake, either way round") {
  const std::vector<int> order = {2, 0, 3, 1};
  const auto entries = [](std::vector<int> goals) {
    std::vector<GoalEntry> all;
    for (const int goal : goals) all.push_back({10 * static_cast<int>(all.size()), goal, 1});
    return all;
  };
  CHECK(lap_ends(entries({2, 0, 3, 1}), kRate, order).empty());
  CHECK(lap_ends(entries({2, 0, 3, 1, 2, 0, 3, 1, 2}), kRate, order) == std::vector<double>{4, 8});
  CHECK(lap_seconds(entries({2, 0, 3, 1, 2, 0, 3, 1, 2}), kRate, order) == std::vector<double>{4, 4});
  CHECK(lap_ends(entries({2, 1, 3, 0, 2}), kRate, order) == std::vector<double>{4});
  CHECK(lap_ends(entries({2, 0, 3, 2, 0, 3, 1, 2}), kRate, order) == std::vector<double>{7});  // 3 to 2: a mistake
  CHECK(lap_ends(entries({2, 0, 3, 0, 2, 1, 3}), kRate, order) == std::vector<double>{6});     // turned back at 3
}

TEST_CASE("a bar on the straight way is crossed or gone around") {
  Task task;
  for (const float x : {-6.0F, 6.0F}) task.goals.push_back({Vec3(x, 0, 0), 1, Vec3::Ones()});
  task.obstacles = {bar(SolidKind::low_bar, {-3, 0, 0}), bar(SolidKind::overhead_bar, {3, 0, 0}),
                    bar(SolidKind::low_bar, {0, 5, 0}), bar(SolidKind::upright, {0, 0, 0})};
  Track track;
  for (int i = 0; i <= 12; ++i) track.path.emplace_back(static_cast<float>(i) - 6, i > 6 ? 2.0F : 0.0F);
  track.entries = {{0, 0, 1}, {12, 1, 1}};
  const BarsMet met = bars_met(task, track);
  CHECK(met.low_crossed == 1);
  CHECK(met.low_avoided == 0);  // the other low bar lies beside the way
  CHECK(met.overhead_crossed == 0);
  CHECK(met.overhead_avoided == 1);
}

TEST_CASE("stuck is who comes nowhere within a second") {
  std::vector<Vec2> path;
  for (int i = 0; i < 21; ++i) path.emplace_back(0, 0);
  CHECK(stuck_share(path, kRate) == 1);
  for (int i = 1; i <= 20; ++i) path.emplace_back(0.3F * static_cast<float>(i), 0);
  CHECK(stuck_share(path, kRate) == Approx(12.0 / 31));  // those of the standing second, and the first 0.3 m
  CHECK(stuck_share(std::vector<Vec2>(5, Vec2(0, 0)), kRate) == 0);
}
