#include "curriculum/presence/presence.h"

#include <algorithm>
#include <cmath>
#include <vector>

#include "tests/support/catch.h"

using namespace medal;

namespace {

/// The plain meaning of a timeline, one flag a step.
std::vector<bool> flags(const PresenceTimeline& timeline, int steps) {
  std::vector<bool> seen;
  bool now = timeline.at_start;
  for (int step = 0; step < steps; ++step) {
    if (std::find(timeline.toggles.begin(), timeline.toggles.end(), step) != timeline.toggles.end()) now = !now;
    seen.push_back(now);
  }
  return seen;
}

}  // namespace

TEST_CASE("full and solo presence never change") {
  CHECK(fixed_presence(PresenceKind::full, 600) == PresenceTimeline{PresenceKind::full, true, {}});
  CHECK(fixed_presence(PresenceKind::solo, 600) == PresenceTimeline{PresenceKind::solo, false, {}});
}

TEST_CASE("half presence ends at the middle of the episode") {
  for (const int steps : {2, 3, 7, 600}) {
    const auto seen = flags(fixed_presence(PresenceKind::half, steps), steps);
    for (int step = 0; step < steps; ++step) CHECK(seen[static_cast<std::size_t>(step)] == (step < steps / 2));
  }
  CHECK(flags(fixed_presence(PresenceKind::half, 1), 1) == std::vector<bool>{false});
}

TEST_CASE("sampling a fixed kind gives the fixed schedule") {
  Random random(1);
  TaskParameters parameters;
  for (const PresenceKind kind : {PresenceKind::full, PresenceKind::half, PresenceKind::solo}) {
    parameters.presence = kind;
    CHECK(sample_presence(parameters, 600, random) == fixed_presence(kind, 600));
  }
}

TEST_CASE("markov stays last the stated means and start in view at the stated rate") {
  TaskParameters parameters;
  parameters.presence = PresenceKind::markov;
  parameters.present_at_start = 0.7F;
  parameters.present_seconds = 3.0F;
  parameters.absent_seconds = 5.0F;
  constexpr int kSteps = 60000;  // long, so that stays cut off at the end do not matter
  constexpr int kSamples = 400;
  Random random(7);
  double sums[2] = {0, 0};
  int counts[2] = {0, 0};
  int started_present = 0;
  for (int sample = 0; sample < kSamples; ++sample) {
    const PresenceTimeline timeline = sample_presence(parameters, kSteps, random);
    CHECK(timeline.kind == PresenceKind::markov);
    started_present += timeline.at_start ? 1 : 0;
    bool present = timeline.at_start;
    int begin = 0;
    for (const int toggle : timeline.toggles) {
      REQUIRE(toggle > begin);
      REQUIRE(toggle < kSteps);
      sums[present ? 1 : 0] += toggle - begin;
      ++counts[present ? 1 : 0];
      begin = toggle;
      present = !present;
    }
  }
  // About 300,000 stays: a standard error of 0.2 % of the mean. Stays of at least one step lengthen it by under 0.1.
  CHECK(sums[1] / counts[1] == Approx(30.0).margin(0.3));
  CHECK(sums[0] / counts[0] == Approx(50.0).margin(0.4));
  CHECK(started_present / static_cast<double>(kSamples) == Approx(0.7).margin(0.08));  // 3.5 standard errors
}

TEST_CASE("markov stays last at least one step even where the mean is far below") {
  TaskParameters parameters;
  parameters.presence = PresenceKind::markov;
  parameters.present_seconds = parameters.absent_seconds = 0.01F;
  Random random(3);
  const PresenceTimeline timeline = sample_presence(parameters, 100, random);
  CHECK(timeline.toggles.size() > 80);
  CHECK(timeline.toggles.front() > 0);
  CHECK(std::adjacent_find(timeline.toggles.begin(), timeline.toggles.end(), std::greater_equal<>()) ==
        timeline.toggles.end());
}

TEST_CASE("bernoulli presence falls linearly from its start chance to its end chance") {
  TaskParameters parameters;
  parameters.presence = PresenceKind::bernoulli;
  parameters.bernoulli_start = 0.9F;
  parameters.bernoulli_end = 0.1F;
  constexpr int kSteps = 101;
  constexpr int kSamples = 4000;
  Random random(11);
  std::vector<int> seen(kSteps, 0);
  for (int sample = 0; sample < kSamples; ++sample) {
    const auto now = flags(sample_presence(parameters, kSteps, random), kSteps);
    for (std::size_t step = 0; step < now.size(); ++step) seen[step] += now[step] ? 1 : 0;
  }
  // Standard error at most 0.008; 4.5 of them.
  for (const int step : {0, 25, 50, 75, 100})
    CHECK(seen[static_cast<std::size_t>(step)] / static_cast<double>(kSamples) ==
          Approx(0.9 - 0.8 * step / 100.0).margin(0.036));
}

TEST_CASE("bernoulli chances of 1 and 0 are certain") {
  TaskParameters parameters;
  parameters.presence = PresenceKind::bernoulli;
  Random random(5);
  parameters.bernoulli_start = parameters.bernoulli_end = 1.0F;
  CHECK(sample_presence(parameters, 300, random) == PresenceTimeline{PresenceKind::bernoulli, true, {}});
  parameters.bernoulli_start = parameters.bernoulli_end = 0.0F;
  CHECK(sample_presence(parameters, 300, random) == PresenceTimeline{PresenceKind::bernoulli, false, {}});
}
