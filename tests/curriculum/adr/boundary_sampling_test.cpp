#include "curriculum/adr/boundary_sampling.h"

#include <algorithm>
#include <cmath>
#include <functional>
#include <nlohmann/json.hpp>

#include "sim/base/error.h"
#include "tests/support/catch.h"

using namespace medal;

namespace {

constexpr double kExpertScore = 50;

using Knobs = std::vector<KnobDistribution>;

Knobs bumpiness(double initial = 0.2, double limit = 1.0) {
  KnobDistribution knob;
  knob.knob = "bumpiness";
  knob.kind = KnobDistribution::Kind::adr;
  knob.high = limit;
  knob.initial_high = initial;
  knob.step = 0.1;
  return {knob};
}

AdrSettings settings(int queue_length = 8, double boundary_probability = 0.5) {
  AdrSettings settings;
  settings.set("queue_length", queue_length);
  settings.set("boundary_probability", boundary_probability);
  return settings;
}

/// Draws as an episode of training does: within the ranges, and perhaps at one end of one; returns that end or -1.
int draw_episode(const BoundarySampling& adr, TaskParameters& parameters, Random& random, bool upper_half = false) {
  adr.draw(parameters, upper_half, random);
  const int boundary = adr.choose_measurement(random);
  if (boundary != kNoMeasurement) adr.pin(parameters, boundary);
  return boundary;
}

/// Plays `episodes` episodes of an agent that is known by what it scores at given parameters.
using Agent = std::function<ConditionScores(const TaskParameters&)>;
void play(BoundarySampling& adr, const Agent& agent, int episodes, std::uint64_t seed = 1) {
  Random random(seed);
  for (int episode = 0; episode < episodes; ++episode) {
    TaskParameters parameters;
    const int boundary = draw_episode(adr, parameters, random);
    if (boundary != kNoMeasurement) adr.record(boundary, parameters, agent(parameters), episode * 600LL);
  }
}

/// Records one episode at the end where it is now.
void record_at(BoundarySampling& adr, int boundary, const Agent& agent, std::int64_t training_steps = 0) {
  TaskParameters parameters;
  adr.pin(parameters, boundary);
  adr.record(boundary, parameters, agent(parameters), training_steps);
}

/// Follows with a CT of 0.75 where the knob is at most `skill`, ignores the expert beyond.
Agent follower_up_to(float skill) {
  return [=](const TaskParameters& p) {
    return p.bumpiness <= skill ? ConditionScores{50, 25, 0, kExpertScore} : ConditionScores{2, 2, 2, kExpertScore};
  };
}
const Agent perfect = [](const TaskParameters&) { return ConditionScores{50, 50, 0, kExpertScore}; };
const Agent soloist = [](const TaskParameters&) { return ConditionScores{45, 45, 45, kExpertScore}; };

}  // namespace

TEST_CASE("a perfect follower widens the range to its limit and no further") {
  BoundarySampling adr(settings(), bumpiness());
  play(adr, perfect, 2000);
  CHECK(adr.ranges()[0].low == 0.0);
  CHECK(adr.ranges()[0].high == 1.0);
  const auto last = adr.history().back();
  CHECK(last.moved == 0);  // the limit holds it
  CHECK(last.ct == Approx(1.0));
}

TEST_CASE("the range of a follower of limited skill hovers about that skill") {
  BoundarySampling adr(settings(), bumpiness());
  play(adr, follower_up_to(0.55F), 4000);
  // Ends lie on 0.2 + n * 0.1: it goes to 0.6, fails there, comes back to 0.5, and so on.
  CHECK(adr.ranges()[0].high >= 0.5 - 1e-9);
  CHECK(adr.ranges()[0].high <= 0.6 + 1e-9);
  double highest = 0;
  for (const BoundarySampling::Move& move : adr.history()) highest = std::max(highest, move.value);
  CHECK(highest == Approx(0.6));
}

TEST_CASE("an agent that scores well without the expert never widens the range") {
  BoundarySampling adr(settings(), bumpiness());
  play(adr, soloist, 2000);
  REQUIRE(!adr.history().empty());
  CHECK(adr.ranges()[0].high == 0.2);
  CHECK(std::none_of(adr.history().begin(), adr.history().end(),
                     [](const BoundarySampling::Move& m) { return m.moved != 0; }));
}

TEST_CASE("the range narrows when skill is lost, back to the initial range at most") {
  BoundarySampling adr(settings(), bumpiness());
  play(adr, perfect, 2000);
  REQUIRE(adr.ranges()[0].high == 1.0);
  play(adr, follower_up_to(0.35F), 2000, 2);
  CHECK(adr.ranges()[0].high == Approx(0.35).margin(0.06));
  play(adr, soloist, 2000, 3);
  CHECK(adr.ranges()[0].low == 0.0);
  CHECK(adr.ranges()[0].high == 0.2);
}

TEST_CASE("a lower end widens downward, to its limit") {
  KnobDistribution knob;
  knob.knob = "expert_speed";
  knob.kind = KnobDistribution::Kind::adr;
  knob.low = 0.5;
  knob.high = knob.initial_low = knob.initial_high = 1.0;
  knob.step = 0.2;
  BoundarySampling adr(settings(), {knob});
  play(adr, perfect, 500);
  CHECK(adr.ranges()[0].low == 0.5);
  CHECK(adr.ranges()[0].high == 1.0);
  CHECK_FALSE(adr.history().front().upper);
}

TEST_CASE("between the thresholds the range stays") {
  BoundarySampling adr(settings(), bumpiness());
  play(
      adr,
      [](const TaskParameters&) {
        return ConditionScores{20, 20, 0, kExpertScore};
      },
      500);  // CT 0.4
  REQUIRE(!adr.history().empty());
  CHECK(adr.history().back().ct == Approx(0.4));
  CHECK(adr.history().back().moved == 0);
  CHECK(adr.ranges()[0].high == 0.2);
}

TEST_CASE("a move needs a whole queue of outcomes and starts a new one") {
  BoundarySampling adr(settings(), bumpiness());
  for (int i = 0; i < 7; ++i) record_at(adr, 0, perfect, 10);
  CHECK(adr.history().empty());
  CHECK(adr.boundaries()[0].queue.size() == 7);
  record_at(adr, 0, perfect, 11);
  REQUIRE(adr.history().size() == 1);
  CHECK(adr.history()[0].training_steps == 11);
  CHECK(adr.history()[0].knob == "bumpiness");
  CHECK(adr.history()[0].moved == 1);
  CHECK(adr.history()[0].value == Approx(0.3));
  CHECK(adr.boundaries()[0].queue.empty());
}

TEST_CASE("CT is the ratio of the means over the queue, not the mean of the ratios") {
  BoundarySampling adr(settings(2), bumpiness());
  record_at(adr, 0, [](const TaskParameters&) { return ConditionScores{10, 10, 0, 10}; });
  record_at(adr, 0, [](const TaskParameters&) { return ConditionScores{0, 0, 0, 90}; });
  REQUIRE(adr.history().size() == 1);
  CHECK(adr.history()[0].ct == Approx(0.1));  // (10 + 10) / (2 * 100); the ratios' mean would be 0.5
  CHECK(adr.history()[0].moved == 0);         // it lies at the limit of its initial range
}

TEST_CASE("boundary episodes put the knob at an end, at the stated rate; others draw it within the range") {
  const BoundarySampling adr(settings(8, 0.25), bumpiness());
  Random random(5);
  int measured = 0;
  float least = 1, most = 0;
  for (int i = 0; i < 4000; ++i) {
    TaskParameters parameters;
    if (draw_episode(adr, parameters, random) != kNoMeasurement) {
      ++measured;
      CHECK(parameters.bumpiness == 0.2F);
    } else {
      least = std::min(least, parameters.bumpiness);
      most = std::max(most, parameters.bumpiness);
    }
  }
  CHECK(measured / 4000.0 == Approx(0.25).margin(0.03));  // 4 standard errors
  CHECK(least >= 0.0F);
  CHECK(least < 0.01F);
  CHECK(most > 0.19F);
  CHECK(most <= 0.2F);
}

TEST_CASE("in the upper half of the ranges all ends are still measured where they are") {
  KnobDistribution knob = bumpiness()[0];
  knob.initial_low = 0.2;
  knob.initial_high = 0.6;
  const BoundarySampling adr(settings(), {knob});
  Random random(7);
  float least_before = 1, least = 1, most = 0;
  bool measured[2] = {false, false};
  for (int i = 0; i < 1000; ++i) {
    TaskParameters early, late;
    if (draw_episode(adr, early, random) == kNoMeasurement) least_before = std::min(least_before, early.bumpiness);
    const int boundary = draw_episode(adr, late, random, true);
    if (boundary != kNoMeasurement) {
      measured[boundary] = true;
      CHECK(late.bumpiness == (adr.boundaries()[static_cast<std::size_t>(boundary)].upper ? 0.6F : 0.2F));
      continue;
    }
    least = std::min(least, late.bumpiness);
    most = std::max(most, late.bumpiness);
  }
  CHECK(least_before < 0.21F);
  CHECK(least >= 0.4F);
  CHECK(least < 0.41F);
  CHECK(most <= 0.6F);
  CHECK(most > 0.59F);
  CHECK((measured[0] && measured[1]));
}

TEST_CASE("episodes that began before the end moved, or measured an end that is not there, are left out") {
  BoundarySampling adr(settings(), bumpiness());
  TaskParameters before;
  adr.pin(before, 0);
  for (int i = 0; i < 8; ++i) adr.record(0, before, perfect(before), 0);
  REQUIRE(adr.ranges()[0].high == Approx(0.3));
  const std::string moved = adr.to_json();
  adr.record(0, before, perfect(before), 0);
  adr.record(7, before, perfect(before), 0);
  CHECK(adr.to_json() == moved);
  record_at(adr, 0, perfect);
  CHECK(adr.to_json() != moved);
}

TEST_CASE("integer knobs under ADR are rounded when drawn") {
  KnobDistribution knob;
  knob.knob = "goals";
  knob.kind = KnobDistribution::Kind::adr;
  knob.low = knob.initial_low = knob.initial_high = 5;
  knob.high = 7;
  knob.step = 0.5;
  BoundarySampling adr(settings(1, 1), {knob});
  record_at(adr, 0, perfect);
  CHECK(adr.ranges()[0].high == 5.5);
  TaskParameters parameters;
  Random random(1);
  CHECK(draw_episode(adr, parameters, random) == 0);
  CHECK(parameters.goals == 6);
}

TEST_CASE("the ADR entropy is 0 at single points and log 2 at the limits") {
  BoundarySampling adr(settings(), bumpiness(0.0));
  CHECK(adr.entropy() == 0.0);
  play(adr, perfect, 2000);
  CHECK(adr.entropy() == Approx(std::log(2.0)));
  CHECK(BoundarySampling(settings(), {}).entropy() == 0.0);
}

TEST_CASE("the entropy and the last CT of each end that was measured are reported") {
  BoundarySampling adr(settings(), bumpiness());
  CHECK(adr.numbers().find("adr/ct/bumpiness/high") == nullptr);
  for (int i = 0; i < 8; ++i) record_at(adr, 0, soloist);
  CHECK(adr.numbers().at("adr/ct/bumpiness/high") == 0.0);
  for (int i = 0; i < 8; ++i) record_at(adr, 0, perfect);
  CHECK(adr.numbers().at("adr/ct/bumpiness/high") == Approx(1.0));
  CHECK(adr.numbers().at("adr/entropy") == adr.entropy());
  CHECK(adr.numbers().begin()->name == "adr/entropy");  // what the display shows
  CHECK(BoundarySampling(settings(), {}).numbers().empty());
}

TEST_CASE("saved ADR state comes back whole and goes on the same") {
  BoundarySampling original(settings(), bumpiness());
  play(original, follower_up_to(0.55F), 333);
  REQUIRE(!original.boundaries()[0].queue.empty());
  REQUIRE(original.history().size() > 10);
  BoundarySampling restored(settings(), bumpiness());
  restored.from_json(original.to_json());
  CHECK(restored.to_json() == original.to_json());
  CHECK(restored.ranges()[0].high == original.ranges()[0].high);
  play(original, follower_up_to(0.55F), 200, 9);
  play(restored, follower_up_to(0.55F), 200, 9);
  CHECK(restored.to_json() == original.to_json());
}

TEST_CASE("ADR state as release one wrote it is read") {
  const std::string text =
      R"({"history":[{"ct":0.75,"knob":"bumpiness","moved":1,"training_steps":1200,"upper":true,"value":0.3}],)"
      R"("queues":[{"knob":0,"outcomes":[[50.0,25.0,-1.0,52.0]],"upper":true}],)"
      R"("ranges":[{"high":0.3,"knob":"bumpiness","low":0.0}]})";
  BoundarySampling adr(settings(), bumpiness());
  adr.from_json(text);
  CHECK(adr.ranges()[0].high == 0.3);
  REQUIRE(adr.boundaries()[0].queue.size() == 1);
  const ConditionScores scores = adr.boundaries()[0].queue[0];
  CHECK(std::vector{scores.full, scores.half, scores.solo, scores.expert} == std::vector<double>{50, 25, -1, 52});
  CHECK(adr.numbers().at("adr/ct/bumpiness/high") == 0.75);
  CHECK(adr.to_json() == text);
}

TEST_CASE("damaged or foreign ADR state is refused and changes nothing") {
  BoundarySampling adr(settings(), bumpiness());
  play(adr, perfect, 100);
  const std::string before = adr.to_json();
  Knobs other = bumpiness();
  other[0].knob = "penalty";
  for (const Knobs& knobs : {other, Knobs{}})
    CHECK_THROWS_AS(adr.from_json(BoundarySampling(settings(), knobs).to_json()), UserError);
  const std::string torn = before.substr(0, before.find("\"ranges\"")) + "\"ranges\":[{\"knob\":\"bumpiness\"}]}";
  for (const std::string& text : {std::string("{"), std::string("{}"), std::string("[]"), torn})
    CHECK_THROWS_AS(adr.from_json(text), nlohmann::json::exception);
  CHECK(adr.to_json() == before);
}

TEST_CASE("a low threshold above the high one is a user error") {
  AdrSettings contradictory;
  contradictory.set("low_threshold", 0.9);
  CHECK_THROWS_WITH(BoundarySampling(contradictory, bumpiness()),
                    "adr.low_threshold must not be above adr.high_threshold");
}
