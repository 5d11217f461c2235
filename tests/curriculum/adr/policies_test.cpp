#include "curriculum/adr/policies.h"

#include <algorithm>
#include <map>

#include "sim/base/error.h"
#include "tests/support/catch.h"

using namespace medal;

namespace {

KnobDistribution adr_knob(const std::string& name, double low, double initial_low, double initial_high, double high) {
  KnobDistribution knob;
  knob.knob = name;
  knob.kind = KnobDistribution::Kind::adr;
  knob.low = low;
  knob.initial_low = initial_low;
  knob.initial_high = initial_high;
  knob.high = high;
  knob.step = (high - low) / 10;
  return knob;
}

/// One end at its limit, none, an integer; and what is no policy's.
TaskDistribution distribution() {
  KnobDistribution fixed;
  fixed.knob = "penalty";
  fixed.low = fixed.high = 0.5;
  return {{},
          {adr_knob("arena_size", 10, 13, 15, 24), fixed, adr_knob("bumpiness", 0, 0, 0.2, 1),
           adr_knob("goals", 3, 4, 5, 8)}};
}

AdrOptions options_of(std::string_view policy) {
  AdrOptions options;
  options.enabled = true;
  options.policy = adr_policy_index(policy);
  return options;
}

/// Follows on flat ground, and learns hilly ground in time: whatever a policy looks at, here it changes.
ConditionScores score(const TaskParameters& parameters, int episode) {
  const double skill = std::clamp(1.5 - static_cast<double>(parameters.bumpiness) - (1000 - episode) * 0.001, 0.0, 1.0);
  return {50 * skill, 25 * skill, 2, 50};
}

/// Plays as training does; what each knob was drawn as, by name.
std::map<std::string, std::vector<double>> play(AdrPolicy& policy, int episodes, std::uint64_t seed = 1) {
  std::map<std::string, std::vector<double>> drawn;
  Random random(seed);
  for (int episode = 0; episode < episodes; ++episode) {
    TaskParameters parameters;
    policy.draw(parameters, false, random);
    for (const AdrRange& range : policy.ranges()) drawn[range.knob].push_back(get_knob(parameters, range.knob));
    const int measurement = policy.choose_measurement(random);
    if (measurement == kNoMeasurement) continue;
    policy.pin(parameters, measurement);
    policy.record(measurement, parameters, score(parameters, episode), episode * 600LL);
  }
  return drawn;
}

}  // namespace

TEST_CASE("every ADR policy draws each adr knob, and no other, within its ranges and those within the limits") {
  for (const std::string_view name : adr_policy_names()) {
    INFO(name);
    const TaskDistribution tasks = distribution();
    const auto policy = make_adr_policy(options_of(name), tasks);
    Random random(3);
    for (int round = 0; round < 20; ++round) {
      const std::vector<AdrRange> ranges = policy->ranges();
      REQUIRE(ranges.size() == 3);
      for (int i = 0; i < 50; ++i) {
        TaskParameters parameters;
        policy->draw(parameters, false, random);
        CHECK(parameters.penalty == TaskParameters().penalty);
        for (const AdrRange& range : ranges) {
          const KnobDistribution& knob = *std::find_if(tasks.knobs.begin(), tasks.knobs.end(),
                                                       [&](const auto& k) { return k.knob == range.knob; });
          CHECK((knob.low <= range.low && range.low <= range.high && range.high <= knob.high));
          const double value = get_knob(parameters, range.knob);
          CHECK(value >= range.low - (knob_info(range.knob).integer ? 0.5 : 1e-6));
          CHECK(value <= range.high + (knob_info(range.knob).integer ? 0.5 : 1e-6));
        }
      }
      play(*policy, 100, static_cast<std::uint64_t>(round));
    }
  }
}

TEST_CASE("every ADR policy draws from the upper halves of its ranges alone where told so") {
  for (const std::string_view name : adr_policy_names()) {
    INFO(name);
    const auto policy = make_adr_policy(options_of(name), distribution());
    Random random(4);
    for (int i = 0; i < 200; ++i) {
      TaskParameters parameters;
      policy->draw(parameters, true, random);
      for (const AdrRange& range : policy->ranges())
        CHECK(get_knob(parameters, range.knob) >= std::floor((range.low + range.high) / 2));
    }
  }
}

TEST_CASE("every ADR policy is a pure state machine whose state survives saving") {
  for (const std::string_view name : adr_policy_names()) {
    INFO(name);
    const auto policy = make_adr_policy(options_of(name), distribution());
    const auto twin = make_adr_policy(options_of(name), distribution());
    const auto restored = make_adr_policy(options_of(name), distribution());
    CHECK(play(*policy, 700) == play(*twin, 700));
    CHECK(policy->to_json() == twin->to_json());
    restored->from_json(policy->to_json());
    CHECK(restored->to_json() == policy->to_json());
    CHECK(play(*policy, 300, 2) == play(*restored, 300, 2));
    CHECK(restored->to_json() == policy->to_json());
  }
}

TEST_CASE("every ADR policy that measures learns from it, and one that does not never asks for it") {
  for (const std::string_view name : adr_policy_names()) {
    INFO(name);
    const auto policy = make_adr_policy(options_of(name), distribution());
    const std::string before = policy->to_json();
    Random random(5);
    int asked = 0;
    for (int i = 0; i < 100; ++i) asked += policy->choose_measurement(random) != kNoMeasurement;
    CHECK((asked > 0) == policy->measures());
    play(*policy, 1000);
    CHECK((policy->to_json() != before) == policy->measures());
  }
}

TEST_CASE("the settings of all ADR policies have different names and stand within their ranges") {
  AdrOptions options;
  std::map<std::string, int> names;
  describe(options, [&](const Field& field, auto& value) {
    ++names[std::string(field.name)];
    if constexpr (std::is_arithmetic_v<std::remove_cvref_t<decltype(value)>>) {
      if (!field.choices.empty()) return;
      CHECK(static_cast<double>(value) >= field.low);
      CHECK(static_cast<double>(value) <= field.high);
    }
  });
  for (const auto& [name, times] : names) CHECK(times == 1);
  CHECK(names.contains("queue_length"));
}

TEST_CASE("uniform draws over the whole limits from the first step on") {
  const auto policy = make_adr_policy(options_of("uniform"), distribution());
  auto drawn = play(*policy, 5000);
  std::map<double, int> goals;
  for (const double value : drawn["goals"]) ++goals[value];
  REQUIRE(goals.size() == 6);                                                        // 3 .. 8
  for (const auto& [value, count] : goals) CHECK(count == Approx(833).margin(120));  // 4.5 standard errors
  std::vector<double>& sizes = drawn["arena_size"];
  std::sort(sizes.begin(), sizes.end());
  for (const int tenth : {1, 3, 5, 7, 9})
    CHECK(sizes[static_cast<std::size_t>(500 * tenth)] == Approx(10 + 1.4 * tenth).margin(0.45));
}

TEST_CASE("ADR that is off draws from the first ranges, whatever the policy") {
  AdrOptions options = options_of("uniform");
  options.enabled = false;
  const auto policy = make_adr_policy(options, distribution());
  Random random(6);
  float most = 0;
  for (int i = 0; i < 500; ++i) {
    TaskParameters parameters;
    policy->draw(parameters, false, random);
    most = std::max(most, parameters.bumpiness);
  }
  CHECK(most > 0.19F);
  CHECK(most <= 0.2F);
}

TEST_CASE("ADR without a knob to move is a user error, and so are contradictory knobs") {
  CHECK_THROWS_WITH(make_adr_policy(options_of("uniform"), {}), Catch::Matchers::StartsWith("adr.enabled is true but"));
  CHECK_NOTHROW(make_adr_policy(AdrOptions(), {}));
  TaskDistribution tasks = distribution();
  tasks.knobs[0].initial_low = 9;
  CHECK_THROWS_WITH(make_adr_policy(AdrOptions(), tasks), "task.arena_size needs low <= adr_low <= adr_high <= high");
}
