#include "curriculum/curriculum.h"

#include <algorithm>
#include <set>
#include <tuple>
#include <vector>

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
  options.queue_length = queue_length;
  return options;
}

Curriculum plain_curriculum(CurriculumOptions options = {}, std::uint64_t seed = 1) {
  return {options, adr_options(false), varied_distribution(), kLearners, kWorlds, seed};
}

Curriculum adr_curriculum(std::uint64_t seed = 1) {
  return {{},        adr_options(true), {{}, {adr_knob("bumpiness", 0.2, 1.0, 0.1), range_knob("penalty", 0.5, 1.0)}},
          kLearners, kWorlds,           seed};
}

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

auto everything(const EpisodeSpec& s) {
  return std::make_tuple(s.parameters.arena_size, s.parameters.penalty, s.parameters.goals, s.seed, s.geometry_seed,
                         s.presence.size(), s.presence.back().toggles, s.common_spawn, s.steps, s.boundary, s.counts);
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
  const EpisodeSpec spec = plain_curriculum().next(2, 3);
  REQUIRE(spec.presence.size() == kLearners);
  int different = 0;
  for (std::size_t i = 1; i < kLearners; ++i)
    different += !(spec.presence[i].toggles == spec.presence[0].toggles) ? 1 : 0;
  CHECK(different > 0);
  for (const PresenceTimeline& timeline : spec.presence) CHECK(timeline.kind == PresenceKind::markov);
  CHECK_FALSE(spec.common_spawn);
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
    CHECK(first.counts == (first.steps == 600));
    CHECK(first.boundary == -1);
    const EpisodeSpec second = curriculum.next(world, 1);
    CHECK(second.steps == 600);
    CHECK(second.counts);
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
    CHECK(curriculum.next(world, 0).counts);
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

TEST_CASE("a boundary world pins learners 0, 1, 2 to full, half, solo from one spawn, the rest as usual") {
  const Curriculum curriculum = adr_curriculum();
  int boundaries = 0;
  for (int episode = 1; episode <= 60; ++episode) {
    const EpisodeSpec spec = curriculum.next(3, episode);
    CHECK(spec.common_spawn == (spec.boundary >= 0));
    if (spec.boundary < 0) continue;
    ++boundaries;
    CHECK(spec.parameters.bumpiness == 0.2F);
    CHECK(spec.presence[0] == fixed_presence(PresenceKind::full, 600));
    CHECK(spec.presence[1] == fixed_presence(PresenceKind::half, 600));
    CHECK(spec.presence[2] == fixed_presence(PresenceKind::solo, 600));
    CHECK(spec.presence[3].kind == PresenceKind::markov);
  }
  CHECK(boundaries > 15);
  CHECK(boundaries < 45);
}

TEST_CASE("finished boundary episodes move ADR by their scores at penalty 1; all others are ignored") {
  Curriculum curriculum = adr_curriculum();
  std::vector<EpisodeResult> boundary, others;
  for (int episode = 0; episode < 30; ++episode) {
    const EpisodeSpec spec = curriculum.next(1, episode);
    (spec.boundary >= 0 ? boundary : others).push_back(result_of(1, episode, spec, 50, 25, 0));
  }
  REQUIRE(boundary.size() >= 6);
  curriculum.record(others);
  CHECK(curriculum.adr().history().empty());
  curriculum.advance(1234);
  boundary.resize(4);
  curriculum.record(boundary);
  REQUIRE(curriculum.adr().history().size() == 1);
  const AdrMove move = curriculum.adr().history()[0];
  CHECK(move.ct == Approx(0.75));
  CHECK(move.moved == 1);
  CHECK(move.training_steps == 1234);
  CHECK(curriculum.adr().ranges()[0].high == Approx(0.3));
}

TEST_CASE("boundary episodes that began before the end moved are left out") {
  Curriculum curriculum = adr_curriculum();
  std::vector<EpisodeResult> results;
  for (int episode = 1; results.size() < 7; ++episode) {
    const EpisodeSpec spec = curriculum.next(1, episode);
    if (spec.boundary >= 0) results.push_back(result_of(1, episode, spec, 50, 50, 0));
  }
  curriculum.record(results);  // the fourth moves the end, so the last three are stale
  CHECK(curriculum.adr().history().size() == 1);
  CHECK(curriculum.adr().boundaries()[0].queue.empty());
}

TEST_CASE("recording does not depend on the batches in which results arrive") {
  Curriculum whole = adr_curriculum(), parts = adr_curriculum();
  std::vector<EpisodeResult> results;
  for (int episode = 1; episode <= 20; ++episode)
    results.push_back(result_of(0, episode, whole.next(0, episode), 50, 20, static_cast<float>(episode)));
  whole.record(results);
  for (const EpisodeResult& result : results) parts.record({&result, 1});
  CHECK(whole.to_json() == parts.to_json());
}

TEST_CASE("ADR needs three learners a world") {
  const TaskDistribution distribution{{}, {adr_knob("bumpiness", 0.2, 1.0, 0.1)}};
  CHECK_THROWS_AS(Curriculum({}, adr_options(true), distribution, 2, kWorlds, 1), UserError);
  CHECK_NOTHROW(Curriculum({}, adr_options(true), distribution, 3, kWorlds, 1));
  CHECK_NOTHROW(Curriculum({}, adr_options(false), distribution, 1, kWorlds, 1));
}

TEST_CASE("a saved curriculum goes on with the same episodes and decisions") {
  Curriculum original = adr_curriculum();
  original.advance(987654321012345);
  for (int episode = 1; episode <= 15; ++episode) {
    const EpisodeResult result = result_of(0, episode, original.next(0, episode), 50, 40, 1);
    original.record({&result, 1});
  }
  Curriculum restored = adr_curriculum();
  restored.from_json(original.to_json());
  CHECK(restored.to_json() == original.to_json());
  CHECK(restored.training_steps() == 987654321012345);
  for (int episode = 16; episode < 30; ++episode) {
    CHECK(everything(restored.next(0, episode)) == everything(original.next(0, episode)));
    CHECK(restored.next(0, episode).parameters == original.next(0, episode).parameters);
  }
  CHECK_THROWS_AS(restored.from_json("{\"training_steps\": 3}"), UserError);
  CHECK(restored.to_json() == original.to_json());
}
