#include "curriculum/adr.h"

#include <algorithm>
#include <cmath>
#include <functional>

#include "sim/base/error.h"
#include "tests/support/catch.h"

using namespace medal;

namespace {

constexpr double kExpertScore = 50;

TaskDistribution bumpiness_distribution(double initial = 0.2, double limit = 1.0) {
  KnobDistribution knob;
  knob.knob = "bumpiness";
  knob.kind = KnobDistribution::Kind::adr;
  knob.high = limit;
  knob.initial_high = initial;
  knob.step = 0.1;
  return {{}, {knob}};
}

AdrOptions enabled_options() {
  AdrOptions options;
  options.enabled = true;
  options.queue_length = 8;
  return options;
}

/// Draws as an episode of training does: within the ranges, and perhaps at one end of one; returns that end or -1.
int draw_episode(const Adr& adr, TaskParameters& parameters, std::int64_t training_steps, Random& random) {
  adr.draw(parameters, training_steps, random);
  const int boundary = adr.choose_boundary(random);
  if (boundary >= 0) adr.pin(parameters, boundary);
  return boundary;
}

/// Plays `episodes` episodes of an agent that is known by what it scores at given parameters.
using Agent = std::function<BoundaryOutcome(const TaskParameters&)>;
void play(Adr& adr, const Agent& agent, int episodes, std::uint64_t seed = 1) {
  Random random(seed);
  for (int episode = 0; episode < episodes; ++episode) {
    TaskParameters parameters;
    const int boundary = draw_episode(adr, parameters, 0, random);
    if (boundary >= 0) adr.record(boundary, agent(parameters), episode * 600LL);
  }
}

/// Follows with a CT of 0.75 where the knob is at most `skill`, ignores the expert beyond.
Agent follower_up_to(float skill) {
  return [=](const TaskParameters& p) {
    return p.bumpiness <= skill ? BoundaryOutcome{50, 25, 0, kExpertScore} : BoundaryOutcome{2, 2, 2, kExpertScore};
  };
}
const Agent perfect = [](const TaskParameters&) { return BoundaryOutcome{50, 50, 0, kExpertScore}; };
const Agent soloist = [](const TaskParameters&) { return BoundaryOutcome{45, 45, 45, kExpertScore}; };

}  // namespace

TEST_CASE("cultural transmission takes the means before the division") {
  CHECK(Adr::cultural_transmission({{50, 50, 0, 50}}) == Approx(1.0));
  CHECK(Adr::cultural_transmission({{50, 25, 0, 50}}) == Approx(0.75));
  CHECK(Adr::cultural_transmission({{40, 40, 40, 50}}) == Approx(0.0));
  // Mean of ratios would be (1 + 0) / 2; the ratio of means is (10 + 10) / (2 * 50).
  CHECK(Adr::cultural_transmission({{10, 10, 0, 10}, {0, 0, 0, 90}}) == Approx(0.1));
  CHECK(Adr::cultural_transmission({{5, 5, 0, 0}}) == 0.0);
  CHECK(Adr::cultural_transmission({{5, 5, 0, -3}}) == 0.0);
  CHECK(Adr::cultural_transmission({}) == 0.0);
}

TEST_CASE("a perfect follower widens the range to its limit and no further") {
  Adr adr(enabled_options(), bumpiness_distribution());
  play(adr, perfect, 2000);
  CHECK(adr.ranges()[0].low == 0.0);
  CHECK(adr.ranges()[0].high == 1.0);
  const auto last = adr.history().back();
  CHECK(last.moved == 0);  // the limit holds it
  CHECK(last.ct == Approx(1.0));
}

TEST_CASE("the range of a follower of limited skill hovers about that skill") {
  Adr adr(enabled_options(), bumpiness_distribution());
  play(adr, follower_up_to(0.55F), 4000);
  // Ends lie on 0.2 + n * 0.1: it goes to 0.6, fails there, comes back to 0.5, and so on.
  CHECK(adr.ranges()[0].high >= 0.5 - 1e-9);
  CHECK(adr.ranges()[0].high <= 0.6 + 1e-9);
  double highest = 0;
  for (const AdrMove& move : adr.history()) highest = std::max(highest, move.value);
  CHECK(highest == Approx(0.6));
}

TEST_CASE("an agent that scores well without the expert never widens the range") {
  Adr adr(enabled_options(), bumpiness_distribution());
  play(adr, soloist, 2000);
  REQUIRE(!adr.history().empty());
  CHECK(adr.ranges()[0].high == 0.2);
  CHECK(std::none_of(adr.history().begin(), adr.history().end(), [](const AdrMove& m) { return m.moved != 0; }));
}

TEST_CASE("the range narrows when skill is lost, back to the initial range at most") {
  Adr adr(enabled_options(), bumpiness_distribution());
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
  Adr adr(enabled_options(), {{}, {knob}});
  play(adr, perfect, 500);
  CHECK(adr.ranges()[0].low == 0.5);
  CHECK(adr.ranges()[0].high == 1.0);
  CHECK_FALSE(adr.history().front().upper);
}

TEST_CASE("between the thresholds the range stays") {
  Adr adr(enabled_options(), bumpiness_distribution());
  play(
      adr,
      [](const TaskParameters&) {
        return BoundaryOutcome{20, 20, 0, kExpertScore};
      },
      500);  // CT 0.4
  REQUIRE(!adr.history().empty());
  CHECK(adr.history().back().ct == Approx(0.4));
  CHECK(adr.history().back().moved == 0);
  CHECK(adr.ranges()[0].high == 0.2);
}

TEST_CASE("a move needs a whole queue of outcomes and starts a new one") {
  Adr adr(enabled_options(), bumpiness_distribution());
  for (int i = 0; i < 7; ++i) adr.record(0, perfect({}), 10);
  CHECK(adr.history().empty());
  CHECK(adr.boundaries()[0].queue.size() == 7);
  adr.record(0, perfect({}), 11);
  REQUIRE(adr.history().size() == 1);
  CHECK(adr.history()[0].training_steps == 11);
  CHECK(adr.history()[0].knob == "bumpiness");
  CHECK(adr.history()[0].moved == 1);
  CHECK(adr.history()[0].value == Approx(0.3));
  CHECK(adr.boundaries()[0].queue.empty());
}

TEST_CASE("boundary episodes put the knob at an end, at the stated rate; others draw it within the range") {
  AdrOptions options = enabled_options();
  options.boundary_probability = 0.25;
  const Adr adr(options, bumpiness_distribution());
  Random random(5);
  int measured = 0;
  float least = 1, most = 0;
  for (int i = 0; i < 4000; ++i) {
    TaskParameters parameters;
    const int boundary = draw_episode(adr, parameters, 0, random);
    CHECK(adr.measures(parameters, boundary) == (boundary >= 0));
    if (boundary >= 0) {
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

TEST_CASE("without ADR its knobs are drawn from their initial range and nothing is measured") {
  AdrOptions options = enabled_options();
  options.enabled = false;
  const Adr adr(options, bumpiness_distribution());
  Random random(6);
  float most = 0;
  for (int i = 0; i < 500; ++i) {
    TaskParameters parameters;
    CHECK(draw_episode(adr, parameters, 0, random) == -1);
    most = std::max(most, parameters.bumpiness);
  }
  CHECK(most > 0.19F);
  CHECK(most <= 0.2F);
}

TEST_CASE("from upper_half_from on, knobs come from the upper half of their range, and all ends are still measured") {
  AdrOptions options = enabled_options();
  options.upper_half_from = 1000;
  KnobDistribution knob = bumpiness_distribution().knobs[0];
  knob.initial_low = 0.2;
  knob.initial_high = 0.6;
  const Adr adr(options, {{}, {knob}});
  Random random(7);
  float least_before = 1, least = 1, most = 0;
  bool measured[2] = {false, false};
  for (int i = 0; i < 1000; ++i) {
    TaskParameters early, late;
    if (draw_episode(adr, early, 999, random) < 0) least_before = std::min(least_before, early.bumpiness);
    const int boundary = draw_episode(adr, late, 1000, random);
    if (boundary >= 0) {
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

TEST_CASE("an outcome measured before the end moved is told from one measured after") {
  Adr adr(enabled_options(), bumpiness_distribution());
  TaskParameters before;
  adr.pin(before, 0);
  CHECK(adr.measures(before, 0));
  for (int i = 0; i < 8; ++i) adr.record(0, perfect({}), 0);
  CHECK_FALSE(adr.measures(before, 0));
}

TEST_CASE("integer knobs under ADR are rounded when drawn") {
  KnobDistribution knob;
  knob.knob = "goals";
  knob.kind = KnobDistribution::Kind::adr;
  knob.low = knob.initial_low = knob.initial_high = 5;
  knob.high = 7;
  knob.step = 0.5;
  AdrOptions options = enabled_options();
  options.queue_length = 1;
  options.boundary_probability = 1;
  Adr adr(options, {{}, {knob}});
  adr.record(0, perfect({}), 0);
  CHECK(adr.ranges()[0].high == 5.5);
  TaskParameters parameters;
  Random random(1);
  CHECK(draw_episode(adr, parameters, 0, random) == 0);
  CHECK(parameters.goals == 6);
}

TEST_CASE("the ADR entropy is 0 at single points and log 2 at the limits") {
  Adr adr(enabled_options(), bumpiness_distribution(0.0));
  CHECK(adr.entropy() == 0.0);
  play(adr, perfect, 2000);
  CHECK(adr.entropy() == Approx(std::log(2.0)));
  CHECK(Adr().entropy() == 0.0);
}

TEST_CASE("saved ADR state comes back whole and goes on the same") {
  Adr original(enabled_options(), bumpiness_distribution());
  play(original, follower_up_to(0.55F), 333);
  REQUIRE(!original.boundaries()[0].queue.empty());
  Adr restored(enabled_options(), bumpiness_distribution());
  restored.from_json(original.to_json());
  CHECK(restored.to_json() == original.to_json());
  CHECK(restored.ranges()[0].high == original.ranges()[0].high);
  play(original, follower_up_to(0.55F), 200, 9);
  play(restored, follower_up_to(0.55F), 200, 9);
  CHECK(restored.to_json() == original.to_json());
}

TEST_CASE("damaged or foreign ADR state is refused and changes nothing") {
  Adr adr(enabled_options(), bumpiness_distribution());
  play(adr, perfect, 100);
  const std::string before = adr.to_json();
  TaskDistribution other = bumpiness_distribution();
  other.knobs[0].knob = "penalty";
  const std::string foreign = Adr(enabled_options(), other).to_json();
  for (const std::string& text : {std::string("{"), std::string("{}"), std::string("[]"), foreign, Adr().to_json()})
    CHECK_THROWS_AS(adr.from_json(text), UserError);
  CHECK(adr.to_json() == before);
}

TEST_CASE("contradictory ADR ranges are user errors") {
  const auto broken = [](const std::function<void(KnobDistribution&)>& change) {
    TaskDistribution distribution = bumpiness_distribution();
    change(distribution.knobs[0]);
    CHECK_THROWS_AS(Adr(enabled_options(), distribution), UserError);
  };
  broken([](KnobDistribution& k) { k.initial_high = 1.5; });
  broken([](KnobDistribution& k) { k.initial_low = -1; });
  broken([](KnobDistribution& k) { k.initial_low = 0.3; });
  broken([](KnobDistribution& k) { k.step = 0; });
  broken([](KnobDistribution& k) { k.knob = "bumpy"; });
  AdrOptions options = enabled_options();
  options.low_threshold = 0.9;
  CHECK_THROWS_AS(Adr(options, bumpiness_distribution()), UserError);
}
