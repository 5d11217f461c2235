#include "curriculum/curriculum.h"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <set>
#include <tuple>
#include <vector>

#include "curriculum/adr/boundary_sampling.h"
#include "curriculum/episode_tag.h"
#include "sim/base/error.h"
#include "tests/support/catch.h"

using namespace medal;

namespace {

constexpr int kLearners = 4;
constexpr int kWorlds = 8;

KnobDistribution range_knob(const std::string& name, double low, double high) {
  KnobDistribution knob;
  knob.knob = name;
  knob.low = low;
  knob.high = high;
  return knob;
}

KnobDistribution adr_knob(const std::string& name, double initial_high, double high, double step) {
  KnobDistribution knob = range_knob(name, 0, high);
  knob.kind = KnobDistribution::Kind::adr;
  knob.initial_high = initial_high;
  knob.step = step;
  return knob;
}

TaskDistribution varied_distribution() {
  return {{}, {range_knob("arena_size", 10, 20), range_knob("penalty", 0.5, 1.0), range_knob("goals", 3, 6)}};
}

AdrOptions adr_options(bool enabled, int queue_length = 4) {
  AdrOptions options;
  options.enabled = enabled;
  options.settings.set("queue_length", queue_length);
  return options;
}

Curriculum plain_curriculum(CurriculumOptions options = {}, std::uint64_t seed = 1) {
  return {options, adr_options(false), varied_distribution(), kLearners, kWorlds, seed};
}

Curriculum adr_curriculum(std::uint64_t seed = 1) {
  return {{},        adr_options(true), {{}, {adr_knob("bumpiness", 0.2, 1.0, 0.1), range_knob("penalty", 0.5, 1.0)}},
          kLearners, kWorlds,           seed};
}

const std::vector<BoundarySampling::Move>& moves_of(const Curriculum& curriculum) {
  return dynamic_cast<const BoundarySampling&>(curriculum.adr()).history();
}

/// What an episode measures for ADR, kNoMeasurement for nothing.
int measurement_of(const EpisodeSpec& spec) { return unpack_tag(spec.tag).measurement; }

/// The result of an agent with this CT that got these scores at penalty 1 (and nonsense as the task's own reward).
EpisodeResult result_of(int world, std::int64_t episode, const EpisodeSpec& spec, float full, float half, float solo) {
  EpisodeResult result{world, episode, spec, {}, std::vector<PlayerScore>(kLearners)};
  result.expert = {-7.0F, 50.0F, {}};
  result.learners[0] = {-3.0F, full, {}};
  result.learners[1] = {-3.0F, half, {}};
  result.learners[2] = {99.0F, solo, {}};
  result.learners[3] = {-3.0F, 1000.0F, {}};
  return result;
}

bool counts(const EpisodeSpec& spec) { return unpack_tag(spec.tag).counts; }

auto everything(const EpisodeSpec& s) {
  return std::make_tuple(s.parameters.arena_size, s.parameters.penalty, s.parameters.goals, s.seed, s.geometry_seed,
                         s.presence.size(), s.presence.back().toggles, s.common_spawn, s.steps, s.tag);
}

}  // namespace

TEST_CASE("what a world plays next is a pure function of world and episode") {
  const Curriculum curriculum = plain_curriculum();
  const Curriculum twin = plain_curriculum();
  for (const int world : {5, 0, 3})
    for (const std::int64_t episode : {9, 0, 4}) {
      const EpisodeSpec spec = curriculum.next(world, episode);
      CHECK(everything(spec) == everything(curriculum.next(world, episode)));
      CHECK(everything(spec) == everything(twin.next(world, episode)));
      CHECK(spec.parameters == twin.next(world, episode).parameters);
      CHECK(spec.presence == twin.next(world, episode).presence);
    }
}

TEST_CASE("seeds differ between runs, worlds and episodes") {
  std::set<std::uint64_t> seeds, geometry_seeds;
  for (const std::uint64_t seed : {1, 2}) {
    const Curriculum curriculum = plain_curriculum({1, true}, seed);
    for (int world = 0; world < kWorlds; ++world)
      for (int episode = 0; episode < 10; ++episode) {
        seeds.insert(curriculum.next(world, episode).seed);
        geometry_seeds.insert(curriculum.next(world, episode).geometry_seed);
      }
  }
  CHECK(seeds.size() == 2 * kWorlds * 10);
  CHECK(geometry_seeds.size() == 2 * kWorlds * 10);
}

TEST_CASE("every learner of a world has its own presence timeline") {
  const Curriculum curriculum = plain_curriculum();
  int pairs = 0, alike = 0;
  for (int episode = 1; episode <= 50; ++episode) {
    const EpisodeSpec spec = curriculum.next(2, episode);
    REQUIRE(spec.presence.size() == kLearners);
    for (std::size_t i = 0; i < kLearners; ++i) {
      CHECK(spec.presence[i].kind == PresenceKind::markov);
      for (std::size_t k = 0; k < i; ++k, ++pairs) alike += spec.presence[i] == spec.presence[k];
    }
    CHECK_FALSE(spec.common_spawn);
  }
  CHECK(alike < 0.02 * pairs);  // both seen, or both not, from beginning to end: 0.4 %
}

TEST_CASE("a geometry stays for geometry_reuse episodes while everything else is drawn anew") {
  CurriculumOptions options;
  options.geometry_reuse = 5;
  const Curriculum curriculum = plain_curriculum(options);
  for (int world = 0; world < kWorlds; ++world) {
    std::vector<int> run_lengths;
    for (int episode = 0; episode < 40; ++episode) {
      const EpisodeSpec now = curriculum.next(world, episode);
      const EpisodeSpec before = curriculum.next(world, std::max(0, episode - 1));
      const bool same = episode > 0 && now.geometry_seed == before.geometry_seed;
      CHECK((now.parameters.arena_size == before.parameters.arena_size) == (same || episode == 0));
      if (episode > 0) CHECK(now.seed != before.seed);
      if (episode > 0) CHECK(now.parameters.penalty != before.parameters.penalty);
      if (same)
        ++run_lengths.back();
      else
        run_lengths.push_back(1);
    }
    for (std::size_t i = 1; i + 1 < run_lengths.size(); ++i) CHECK(run_lengths[i] == 5);
    CHECK(run_lengths.front() <= 5);
  }
}

TEST_CASE("worlds do not all change their geometry in the same episode") {
  CurriculumOptions options;
  options.geometry_reuse = 4;
  const Curriculum curriculum = plain_curriculum(options);
  for (int episode = 1; episode < 12; ++episode) {
    int changes = 0;
    for (int world = 0; world < kWorlds; ++world)
      changes += curriculum.next(world, episode).geometry_seed != curriculum.next(world, episode - 1).geometry_seed;
    CHECK(changes == kWorlds / 4);
  }
}

TEST_CASE("staggered first episodes have evenly spread lengths, and the cut ones do not count") {
  const Curriculum curriculum = plain_curriculum();
  std::set<int> lengths;
  for (int world = 0; world < kWorlds; ++world) {
    const EpisodeSpec first = curriculum.next(world, 0);
    lengths.insert(first.steps);
    CHECK(counts(first) == (first.steps == 600));
    CHECK(measurement_of(first) == kNoMeasurement);
    const EpisodeSpec second = curriculum.next(world, 1);
    CHECK(second.steps == 600);
    CHECK(counts(second));
  }
  CHECK(lengths == std::set<int>{75, 150, 225, 300, 375, 450, 525, 600});
}

TEST_CASE("the worlds of one rank have first episodes spread over the whole length") {
  const Curriculum curriculum({}, adr_options(false), {}, kLearners, 64, 1);
  for (int rank = 0; rank < 4; ++rank) {
    int early = 0;
    for (int world = 16 * rank; world < 16 * (rank + 1); ++world) early += curriculum.next(world, 0).steps <= 300;
    CHECK(early >= 7);
    CHECK(early <= 9);
  }
}

TEST_CASE("without stagger the first episodes are whole") {
  CurriculumOptions options;
  options.stagger = false;
  const Curriculum curriculum = plain_curriculum(options);
  for (int world = 0; world < kWorlds; ++world) {
    CHECK(curriculum.next(world, 0).steps == 600);
    CHECK(counts(curriculum.next(world, 0)));
  }
}

TEST_CASE("even more worlds than steps have a first episode of at least one step") {
  TaskDistribution distribution;
  distribution.base.episode_seconds = 1.0F;
  const Curriculum curriculum({}, adr_options(false), distribution, kLearners, 50, 1);
  for (int world = 0; world < 50; ++world) {
    CHECK(curriculum.next(world, 0).steps >= 1);
    CHECK(curriculum.next(world, 0).steps <= 10);
  }
}

TEST_CASE("schedules follow the training steps that advance() was told") {
  KnobDistribution knob = range_knob("penalty", 0.6, 1.0);
  knob.kind = KnobDistribution::Kind::schedule;
  knob.begin = 100;
  knob.end = 200;
  Curriculum curriculum({}, adr_options(false), {{}, {knob}}, kLearners, kWorlds, 1);
  CHECK(curriculum.next(0, 1).parameters.penalty == 0.6F);
  curriculum.advance(150);
  CHECK(curriculum.next(0, 1).parameters.penalty == Approx(0.8));
  curriculum.advance(500);
  CHECK(curriculum.next(0, 1).parameters.penalty == 1.0F);
}

TEST_CASE("a fair penalty makes random entries come to nothing for any number of goals, then moves to the task's own") {
  CurriculumOptions options;
  options.fair_penalty_until = 100;
  options.full_penalty_from = 200;
  for (int goals = 4; goals <= kMaximumGoals; ++goals) {
    TaskDistribution distribution;
    distribution.base.goals = goals;
    Curriculum curriculum(options, adr_options(false), distribution, kLearners, kWorlds, 1);
    const TaskParameters fair = curriculum.next(0, 1).parameters;
    // Who enters some other goal each time, at random.
    std::vector<int> order(static_cast<std::size_t>(goals));
    std::iota(order.begin(), order.end(), 0);
    Random random(9);
    GoalHistory history;
    double reward = 0;
    constexpr int kEntries = 200000;
    for (int entry = 0; entry < kEntries; ++entry) {
      const int goal = (std::max(history.last_goal, 0) + random.integer(1, goals - 1)) % goals;
      reward += static_cast<double>(enter_goal(fair, order, goal, history));
    }
    // An entry deviates by less than 1: five standard deviations.
    CHECK(std::abs(reward / kEntries) < 5 / std::sqrt(kEntries));
    curriculum.advance(150);
    CHECK(curriculum.next(0, 1).parameters.penalty == Approx((fair.penalty + 1) / 2));
    curriculum.advance(200);
    CHECK(curriculum.next(0, 1).parameters.penalty == 1);
  }
}

TEST_CASE("the penalty leaves what is fair when learners follow, if that is sooner than its schedule") {
  CurriculumOptions options;
  options.fair_penalty_until = 1000;
  options.full_penalty_from = 2000;
  options.fair_penalty_fade = 200;
  TaskDistribution distribution;
  distribution.base.goals = 8;
  const auto penalty = [](const Curriculum& curriculum) { return curriculum.next(0, 1).parameters.penalty; };
  Curriculum curriculum(options, adr_options(false), distribution, kLearners, kWorlds, 1);
  curriculum.advance(300);
  const float fair = penalty(curriculum);
  CHECK(fair == Approx(1.0 / 3));
  CHECK(curriculum.penalty() == fair);
  curriculum.note_following();
  CHECK(penalty(curriculum) == fair);
  curriculum.advance(400);
  curriculum.note_following();  // the first time counts
  CHECK(penalty(curriculum) == Approx((fair + 1) / 2));
  Curriculum resumed(options, adr_options(false), distribution, kLearners, kWorlds, 1);
  resumed.from_json(curriculum.to_json());
  CHECK(penalty(resumed) == penalty(curriculum));
  curriculum.advance(500);
  CHECK(penalty(curriculum) == 1);

  Curriculum late(options, adr_options(false), distribution, kLearners, kWorlds, 1);
  late.advance(1500);
  CHECK(penalty(late) == Approx((fair + 1) / 2));
  late.note_following();
  CHECK(penalty(late) > (fair + 1) / 2);  // sooner, not later
}

TEST_CASE("a world that measures plays full, half, solo at the end of a range, further learners as usual") {
  const Curriculum curriculum = adr_curriculum();
  int measuring = 0;
  for (int episode = 1; episode <= 60; ++episode) {
    const EpisodeSpec spec = curriculum.next(3, episode);
    const bool measures = measurement_of(spec) != kNoMeasurement;
    CHECK(spec.common_spawn == measures);
    if (!measures) continue;
    ++measuring;
    CHECK(spec.parameters.bumpiness == 0.2F);
    CHECK(spec.presence[0] == fixed_presence(PresenceKind::full, 600));
    CHECK(spec.presence[1] == fixed_presence(PresenceKind::half, 600));
    CHECK(spec.presence[2] == fixed_presence(PresenceKind::solo, 600));
    CHECK(spec.presence[3].kind == PresenceKind::markov);
  }
  CHECK(measuring > 15);
  CHECK(measuring < 45);
}

TEST_CASE("finished episodes that measured move ADR by their scores at penalty 1; all others are ignored") {
  Curriculum curriculum = adr_curriculum();
  std::vector<EpisodeResult> measured, others;
  for (int episode = 0; episode < 30; ++episode) {
    const EpisodeSpec spec = curriculum.next(1, episode);
    (measurement_of(spec) != kNoMeasurement ? measured : others).push_back(result_of(1, episode, spec, 50, 25, 0));
  }
  REQUIRE(measured.size() >= 6);
  const std::string before = curriculum.to_json();
  curriculum.record(others);
  CHECK(curriculum.to_json() == before);
  EpisodeResult cut = measured[0];
  cut.spec.tag = pack_tag({measurement_of(cut.spec), false});
  curriculum.record({&cut, 1});
  EpisodeResult replaced = measured[0];
  replaced.task_replaced = true;
  curriculum.record({&replaced, 1});
  CHECK(curriculum.to_json() == before);
  curriculum.advance(1234);
  measured.resize(4);
  curriculum.record(measured);
  REQUIRE(moves_of(curriculum).size() == 1);
  const BoundarySampling::Move move = moves_of(curriculum)[0];
  CHECK(move.ct == Approx(0.75));
  CHECK(move.moved == 1);
  CHECK(move.training_steps == 1234);
  CHECK(curriculum.adr().ranges()[0].high == Approx(0.3));
  CHECK(curriculum.next(3, 7).parameters != adr_curriculum().next(3, 7).parameters);
}

TEST_CASE("recording does not depend on the batches in which results arrive") {
  Curriculum whole = adr_curriculum(), parts = adr_curriculum();
  std::vector<EpisodeResult> results;
  for (int episode = 1; episode <= 20; ++episode)
    results.push_back(result_of(0, episode, whole.next(0, episode), 50, 20, static_cast<float>(episode)));
  whole.record(results);
  for (const EpisodeResult& result : results) parts.record({&result, 1});
  CHECK(whole.to_json() == parts.to_json());
  CHECK(!moves_of(whole).empty());
}

TEST_CASE("ADR that is off measures nothing, and records nothing that was measured while it was on") {
  Curriculum curriculum({}, adr_options(false, 1), {{}, {adr_knob("bumpiness", 0.2, 1.0, 0.1)}}, kLearners, kWorlds, 1);
  for (int episode = 1; episode < 40; ++episode) CHECK(measurement_of(curriculum.next(0, episode)) == kNoMeasurement);
  const std::string before = curriculum.to_json();
  EpisodeSpec measuring = adr_curriculum().next(3, 1);
  for (int episode = 2; measurement_of(measuring) == kNoMeasurement; ++episode)
    measuring = adr_curriculum().next(3, episode);
  const EpisodeResult result = result_of(3, 1, measuring, 50, 50, 0);
  curriculum.record({&result, 1});
  CHECK(curriculum.to_json() == before);
}

TEST_CASE("from upper_half_from training steps on, adr knobs come from the upper half of their range") {
  AdrOptions options = adr_options(false);
  options.upper_half_from = 1000;
  Curriculum curriculum({}, options, {{}, {adr_knob("penalty", 0.6, 2.0, 0.1)}}, kLearners, kWorlds, 1);
  const auto least = [&] {
    float least = 9;
    for (int episode = 1; episode < 400; ++episode)
      least = std::min(least, curriculum.next(0, episode).parameters.penalty);
    return least;
  };
  curriculum.advance(999);
  CHECK(least() < 0.02F);
  curriculum.advance(1000);
  CHECK(least() >= 0.3F);
  CHECK(least() < 0.32F);
}

TEST_CASE("ADR needs three learners a world where its policy measures") {
  const TaskDistribution distribution{{}, {adr_knob("bumpiness", 0.2, 1.0, 0.1)}};
  const auto make = [&](const AdrOptions& adr, int learners) {
    Curriculum({}, adr, distribution, learners, kWorlds, 1);
  };
  CHECK_THROWS_WITH(make(adr_options(true), 2),
                    "environment.learners_per_world must be 3 or more with adr.enabled: ADR compares three learners "
                    "side by side");
  CHECK_NOTHROW(make(adr_options(true), 3));
  CHECK_NOTHROW(make(adr_options(false), 1));
  AdrOptions uniform = adr_options(true);
  uniform.policy = adr_policy_index("uniform");
  CHECK_NOTHROW(make(uniform, 1));
}

TEST_CASE("a saved curriculum goes on with the same episodes and decisions") {
  Curriculum original = adr_curriculum();
  original.advance(987654321012345);
  for (int episode = 1; episode <= 15; ++episode) {
    const EpisodeResult result = result_of(0, episode, original.next(0, episode), 50, 40, 1);
    original.record({&result, 1});
  }
  REQUIRE(!moves_of(original).empty());
  Curriculum restored = adr_curriculum();
  restored.from_json(original.to_json());
  CHECK(restored.to_json() == original.to_json());
  CHECK(restored.training_steps() == 987654321012345);
  for (int episode = 16; episode < 30; ++episode) {
    CHECK(everything(restored.next(0, episode)) == everything(original.next(0, episode)));
    CHECK(restored.next(0, episode).parameters == original.next(0, episode).parameters);
  }
}

TEST_CASE("a saved curriculum of release one, which names no policy, is boundary sampling's") {
  Curriculum curriculum = adr_curriculum();
  curriculum.from_json(
      R"({"training_steps": 5, "adr": {"ranges": [{"knob": "bumpiness", "low": 0.0, "high": 0.4}], "history": [],)"
      R"( "queues": [{"knob": 0, "upper": true, "outcomes": []}]}})");
  CHECK(curriculum.training_steps() == 5);
  CHECK(curriculum.adr().ranges()[0].high == 0.4);
}

TEST_CASE("a damaged curriculum or one of another policy is refused in one line and changes nothing") {
  Curriculum curriculum = adr_curriculum();
  curriculum.advance(7);
  const std::string before = curriculum.to_json();
  AdrOptions other = adr_options(true);
  other.policy = adr_policy_index("uniform");
  const Curriculum uniform({}, other, {{}, {adr_knob("bumpiness", 0.2, 1.0, 0.1)}}, kLearners, kWorlds, 1);
  CHECK_THROWS_WITH(curriculum.from_json(uniform.to_json()),
                    "the saved ADR state is that of adr.policy 'uniform'; resume with the run's own config");
  for (const char* text : {"{\"training_steps\": 3}", "{", "[]", "{\"training_steps\": 3, \"adr\": {}}"})
    CHECK_THROWS_AS(curriculum.from_json(text), UserError);
  CHECK(curriculum.to_json() == before);
}
