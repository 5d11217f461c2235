#include "curriculum/distribution/task_distribution.h"

#include <cmath>
#include <map>

#include "sim/base/error.h"
#include "tests/support/catch.h"

using namespace medal;

namespace {

KnobDistribution range_knob(const std::string& name, double low, double high) {
  KnobDistribution knob;
  knob.knob = name;
  knob.low = low;
  knob.high = high;
  return knob;
}

}  // namespace

TEST_CASE("a knob set by name is clamped to its range and rounded where it is an integer") {
  TaskParameters parameters;
  set_knob(parameters, "goals", 4.6);
  CHECK(parameters.goals == 5);
  set_knob(parameters, "goals", 100);
  CHECK(parameters.goals == 8);
  set_knob(parameters, "crossings", -0.9);
  CHECK(parameters.crossings == -1);
  set_knob(parameters, "bumpiness", 0.25);
  CHECK(parameters.bumpiness == 0.25F);
  CHECK(get_knob(parameters, "bumpiness") == 0.25);
  set_knob(parameters, "penalty", -4);
  CHECK(get_knob(parameters, "penalty") == 0.0);
}

TEST_CASE("an unknown or unnumbered knob is a user error that names the nearest one") {
  TaskParameters parameters;
  CHECK_THROWS_AS(set_knob(parameters, "presence", 1), UserError);
  CHECK_THROWS_AS(get_knob(parameters, ""), UserError);
  try {
    set_knob(parameters, "bumpines", 1);
    FAIL("no error");
  } catch (const UserError& error) {
    CHECK(std::string(error.what()).find("'bumpiness'") != std::string::npos);
  }
}

TEST_CASE("a schedule holds its first value until begin, its last from end on, and is linear between") {
  KnobDistribution knob = range_knob("penalty", 0.6, 1.0);
  knob.kind = KnobDistribution::Kind::schedule;
  knob.begin = 4e6;
  knob.end = 9e6;
  const TaskDistribution distribution{{}, {knob}};
  const auto penalty = [&](std::int64_t steps) {
    Random random(1);
    return static_cast<double>(sample_task_parameters(distribution, steps, random).penalty);
  };
  CHECK(penalty(0) == Approx(0.6));
  CHECK(penalty(4'000'000) == Approx(0.6));
  CHECK(penalty(6'500'000) == Approx(0.8));
  CHECK(penalty(9'000'000) == Approx(1.0));
  CHECK(penalty(90'000'000) == Approx(1.0));
}

TEST_CASE("a range on a schedule moves both its ends, and is drawn from") {
  KnobDistribution knob = range_knob("expert_speed", 0.7, 0.9);
  knob.kind = KnobDistribution::Kind::schedule;
  knob.from_high = 1.0;
  knob.to_high = 1.0;
  knob.begin = 1000;
  knob.end = 2000;
  const auto range = [&](std::int64_t steps) {
    const KnobRange now = schedule_range(knob, steps);
    return std::pair(now.low, now.high);
  };
  CHECK(range(0) == std::pair(0.7, 1.0));
  CHECK(range(1500).first == Approx(0.8));
  CHECK(range(1500).second == Approx(1.0));
  CHECK(range(3000) == std::pair(0.9, 1.0));
  Random random(1);
  double least = 1, most = 0;
  for (int i = 0; i < 1000; ++i) {
    const double speed = sample_task_parameters({{}, {knob}}, 1500, random).expert_speed;
    least = std::min(least, speed);
    most = std::max(most, speed);
  }
  CHECK(least == Approx(0.8).margin(0.002));
  CHECK(most == Approx(1.0).margin(0.002));
  knob.to_high = 0.8;
  CHECK(fault_of(knob) == "has low above high: swap them");
}

TEST_CASE("a schedule whose begin is its end is a jump") {
  KnobDistribution knob = range_knob("penalty", 1.0, 0.0);
  knob.begin = knob.end = 100;
  CHECK(schedule_range(knob, 99).low == 1.0);
  CHECK(schedule_range(knob, 100).low == 0.0);
}

TEST_CASE("a real range knob is uniform") {
  const TaskDistribution distribution{{}, {range_knob("arena_size", 10, 20)}};
  Random random(2);
  constexpr int kSamples = 20000;
  int tenths[10] = {};
  for (int i = 0; i < kSamples; ++i) {
    const float size = sample_task_parameters(distribution, 0, random).arena_size;
    REQUIRE(size >= 10.0F);
    REQUIRE(size <= 20.0F);
    ++tenths[std::min(9, static_cast<int>(size - 10.0F))];
  }
  for (const int count : tenths) CHECK(count == Approx(2000).margin(190));  // 4.5 standard errors
}

TEST_CASE("an integer range knob takes both ends and all between with equal chance") {
  const TaskDistribution distribution{{}, {range_knob("goals", 3, 6)}};
  Random random(3);
  std::map<int, int> counts;
  for (int i = 0; i < 8000; ++i) ++counts[sample_task_parameters(distribution, 0, random).goals];
  REQUIRE(counts.size() == 4);
  for (const auto& [goals, count] : counts) {
    CHECK(goals >= 3);
    CHECK(goals <= 6);
    CHECK(count == Approx(2000).margin(175));  // 4.5 standard errors
  }
}

TEST_CASE("a choice is mixed by its weights") {
  KnobDistribution mix;
  mix.knob = "expert";
  mix.kind = KnobDistribution::Kind::mix;
  mix.weights.assign(kExpertNames.size(), 0.0);
  mix.weights[static_cast<std::size_t>(ExpertKind::perfect)] = 6;
  mix.weights[static_cast<std::size_t>(ExpertKind::anti_expert)] = 3;
  mix.weights[static_cast<std::size_t>(ExpertKind::absent)] = 1;
  const TaskDistribution tasks{{}, {mix}};
  check_distribution(tasks);
  Random random(4);
  std::vector<int> counts(kExpertNames.size());
  constexpr int kDraws = 10000;
  for (int i = 0; i < kDraws; ++i) ++counts[static_cast<std::size_t>(sample_task_parameters(tasks, 0, random).expert)];
  for (std::size_t kind = 0; kind < counts.size(); ++kind)  // five standard deviations of an even chance
    CHECK(counts[kind] == Approx(kDraws * mix.weights[kind] / 10).margin(mix.weights[kind] > 0 ? 250 : 0));

  mix.begin = 100;  // until then the main choice alone
  for (int i = 0; i < 100; ++i) {
    CHECK(sample_task_parameters({{}, {mix}}, 99, random).expert == ExpertKind::perfect);
  }
  mix.weights.pop_back();
  CHECK_THROWS_AS(check_distribution({{}, {mix}}), UserError);
}

TEST_CASE("knobs without a distribution keep their base value, adr knobs are left to the policy") {
  KnobDistribution knob = range_knob("bumpiness", 0, 2);
  knob.kind = KnobDistribution::Kind::adr;
  TaskDistribution distribution{{}, {knob}};
  distribution.base.goals = 4;
  distribution.base.bumpiness = 0.125F;
  Random random(4);
  CHECK(sample_task_parameters(distribution, 1000, random) == distribution.base);
}

TEST_CASE("knobs whose numbers contradict each other are user errors that name the knob and the mend") {
  KnobDistribution adr = range_knob("bumpiness", 0, 1);
  adr.kind = KnobDistribution::Kind::adr;
  adr.initial_high = 0.2;
  adr.step = 0.1;
  const auto fault = [](KnobDistribution knob, const auto& change) {
    change(knob);
    return fault_of(knob);
  };
  CHECK(fault_of(adr).empty());
  const std::string order = "needs low <= adr_low <= adr_high <= high";
  CHECK(fault(adr, [](KnobDistribution& k) { k.initial_high = 1.5; }) == order);
  CHECK(fault(adr, [](KnobDistribution& k) { k.initial_low = -1; }) == order);
  CHECK(fault(adr, [](KnobDistribution& k) { k.initial_low = 0.3; }) == order);
  CHECK(fault(adr, [](KnobDistribution& k) { k.initial_high = NAN; }) == order);
  CHECK(fault(adr, [](KnobDistribution& k) { k.step = 0; }) == "needs a step above 0");
  CHECK(fault(adr, [](KnobDistribution& k) { k.initial_high = 1; }).starts_with("leaves ADR nothing to widen"));
  CHECK(fault(adr, [](KnobDistribution& k) { k.low = 2; }) == "has low above high: swap them");
  CHECK(fault_of(range_knob("penalty", 1, 0)) == "has low above high: swap them");
  KnobDistribution schedule = range_knob("penalty", 1, 0);
  schedule.kind = KnobDistribution::Kind::schedule;
  CHECK(fault_of(schedule).empty());  // it may fall
  schedule.begin = 2;
  CHECK(fault_of(schedule) == "has begin after end: swap them");

  CHECK_THROWS_WITH(check_distribution({{}, {schedule}}), "task.penalty has begin after end: swap them");
  CHECK_THROWS_AS(check_distribution({{}, {range_knob("bumpy", 0, 1)}}), UserError);
  CHECK_NOTHROW(check_distribution({{}, {adr, range_knob("penalty", 0, 1)}}));
}
