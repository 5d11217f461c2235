#include "agents/training/blind_learners.h"

#include <nlohmann/json.hpp>

#include "curriculum/adr/policy.h"
#include "curriculum/episode_tag.h"
#include "tests/support/catch.h"

using namespace medal;

namespace {

LearnerOptions options(double share) {
  LearnerOptions o;
  o.blind_share = share;
  o.blind_until = 0.5;
  return o;
}

/// An episode of two learners in world 0.
EpisodeResult episode(float first, float second, ExpertKind kind = ExpertKind::perfect) {
  EpisodeResult result;
  result.spec.tag = pack_tag({kNoMeasurement, true});
  result.spec.parameters.expert = kind;
  result.expert.unit_penalty_score = 40;
  result.learners.resize(2);
  result.learners[0].unit_penalty_score = first;
  result.learners[1].unit_penalty_score = second;
  return result;
}

void play(BlindLearners& blind, int episodes, const EpisodeResult& result) {
  for (int k = 0; k < episodes; ++k) blind.record({&result, 1});
}

}  // namespace

TEST_CASE("the share of blind learners is what was asked for, evenly spread") {
  for (const double share : {0.0, 0.25, 0.5, 0.75, 1.0}) {
    const BlindLearners blind(options(share));
    for (int first = 0; first < 128; first += 16) {
      int count = 0;
      for (int learner = first; learner < first + 16; ++learner) count += blind.is_blind(learner);
      CHECK(count == static_cast<int>(16 * share));
    }
  }
}

TEST_CASE("learners stay blind until the blind ones score that share of their experts', whatever the others do") {
  BlindLearners blind(options(0.5));  // the second of two
  play(blind, 500, episode(40, 10));
  CHECK(blind.following() == Approx(0.25));
  CHECK(blind.any());
  play(blind, 500, episode(0, 40, ExpertKind::anti_expert));  // following a liar is no following
  CHECK(blind.following() == Approx(0.25));
  play(blind, 500, episode(0, 24));
  CHECK_FALSE(blind.any());
  CHECK_FALSE(blind.is_blind(1));
  play(blind, 500, episode(0, 0));
  CHECK_FALSE(blind.any());  // for good
}

TEST_CASE("one lucky episode does not end it") {
  BlindLearners blind(options(0.5));
  play(blind, 1, episode(40, 40));
  CHECK(blind.any());
}

TEST_CASE("blind learners are resumed where they stopped") {
  BlindLearners one(options(0.5));
  play(one, 60, episode(0, 15));
  BlindLearners two(options(0.5));
  two.from_json(one.to_json());
  for (int k = 0; k < 100; ++k) {
    play(one, 1, episode(0, 26));
    play(two, 1, episode(0, 26));
    REQUIRE(one.following() == two.following());
    REQUIRE(one.any() == two.any());
  }
}
