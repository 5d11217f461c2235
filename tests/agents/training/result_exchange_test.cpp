#include "agents/training/result_exchange.h"

#include <set>

#include "agents/training/episode_metrics.h"
#include "curriculum/curriculum.h"
#include "curriculum/episode_tag.h"
#include "tests/support/catch.h"

using namespace medal;

namespace {

TaskDistribution one_adr_knob() {
  TaskDistribution distribution;
  KnobDistribution knob;
  knob.knob = "arena_size";
  knob.kind = KnobDistribution::Kind::adr;
  knob.low = 10;
  knob.high = 28;
  knob.initial_low = 13;
  knob.initial_high = 15;
  knob.step = 1;
  distribution.knobs = {knob};
  return distribution;
}

Curriculum make_curriculum() {
  AdrOptions adr;
  adr.enabled = true;
  adr.settings.set("queue_length", 4);
  return Curriculum(CurriculumOptions{}, adr, one_adr_knob(), 3, 8, 1);
}

/// What 8 worlds would report of perfect followers with perfect recall.
std::vector<EpisodeResult> perfect_results(const Curriculum& curriculum, std::int64_t episode) {
  std::vector<EpisodeResult> results;
  for (int world = 0; world < 8; ++world) {
    EpisodeResult result{world, episode, curriculum.next(world, episode), {}, {}};
    result.expert.unit_penalty_score = 50;
    for (float score : {50.0F, 50.0F, 0.0F}) {
      PlayerScore learner;
      learner.unit_penalty_score = score;
      result.learners.push_back(learner);
    }
    results.push_back(result);
  }
  return results;
}

}  // namespace

TEST_CASE("the curriculum moves alike whether results come from this rank or from several") {
  Curriculum alone = make_curriculum(), shared = make_curriculum();
  for (std::int64_t episode = 1; episode <= 30; ++episode) {
    const std::vector<EpisodeResult> results = perfect_results(alone, episode);
    alone.record(results);
    // Rank 1 holds the first worlds here: the order is that of the worlds, not of the ranks.
    const auto middle = results.begin() + 4;
    shared.record(
        merge_episodes({pack_episodes({{middle, results.end()}, {}}), pack_episodes({{results.begin(), middle}, {}})})
            .results);
  }
  CHECK(alone.adr().ranges()[0].high > 15);
  CHECK(shared.to_json() == alone.to_json());
}

TEST_CASE("what the curriculum needs of results comes through packing") {
  const Curriculum curriculum = make_curriculum();
  std::vector<EpisodeResult> results = perfect_results(curriculum, 3);
  results[1].spec.tag = pack_tag({2, false});
  results[2].learners[1].history.wrong = 7;
  results[2].learners[1].history.correct = 9;
  results[2].learners[1].reward = -2.5F;
  results[3].expert.reward = 12.5F;
  results[4].task_replaced = true;
  const std::vector<EpisodeResult> merged = merge_episodes({pack_episodes({results, {}})}).results;
  REQUIRE(merged.size() == results.size());
  const auto numbers = [](const PlayerScore& score) {
    return std::vector<float>{score.reward, score.unit_penalty_score, static_cast<float>(score.history.correct),
                              static_cast<float>(score.history.wrong)};
  };
  std::set<PresenceKind> kinds;
  for (std::size_t i = 0; i < merged.size(); ++i) {
    CHECK(merged[i].world == results[i].world);
    CHECK(merged[i].episode == 3);
    CHECK(merged[i].spec.tag == results[i].spec.tag);
    CHECK(merged[i].task_replaced == results[i].task_replaced);
    CHECK(merged[i].spec.parameters == results[i].spec.parameters);
    REQUIRE(merged[i].spec.presence.size() == 3);
    REQUIRE(merged[i].learners.size() == 3);
    for (std::size_t k = 0; k < 3; ++k) {
      CHECK(merged[i].spec.presence[k].kind == results[i].spec.presence[k].kind);
      kinds.insert(merged[i].spec.presence[k].kind);
      CHECK(numbers(merged[i].learners[k]) == numbers(results[i].learners[k]));
    }
    CHECK(numbers(merged[i].expert) == numbers(results[i].expert));
  }
  CHECK(kinds.size() == 4);  // markov, and the three of measuring worlds
}

TEST_CASE("metrics of several ranks' episodes are those of all episodes, whatever they are called") {
  const Curriculum curriculum = make_curriculum();
  std::vector<EpisodeResult> results = perfect_results(curriculum, 3);
  for (EpisodeResult& result : results) result.spec.tag = 0;
  results[5].learners[0].unit_penalty_score = -14;
  const auto part = [&](std::ptrdiff_t from, std::ptrdiff_t to) {
    FinishedEpisodes episodes{{results.begin() + from, results.begin() + to}, {}};
    episodes.metrics = episode_metrics(episodes.results);
    return episodes;
  };
  FinishedEpisodes first = part(0, 3), second = part(3, 8);
  second.metrics.add("of this rank alone", 2);
  const NamedNumbers merged = merge_episodes({pack_episodes(first), pack_episodes(second)}).metrics.means();
  for (const auto& [name, mean] : episode_metrics(results).means()) CHECK(merged.at(name) == Approx(mean));
  CHECK(merged.at("score/all") == Approx((8 * 100 - 64) / 24.0));
  CHECK(merged.at("of this rank alone") == 2);
}

TEST_CASE("episodes are measured by learner, by presence and by expert; those that do not count are left out") {
  EpisodeResult result;
  result.spec.presence.resize(2);
  result.spec.presence[0].kind = PresenceKind::full;
  result.spec.presence[1].kind = PresenceKind::solo;
  result.expert.unit_penalty_score = 12;
  result.learners.resize(2);
  result.learners[0] = {3, 5, {}};
  result.learners[1] = {-1, -4, {}};
  result.learners[0].history.correct = 7;
  result.learners[1].history.wrong = 6;
  EpisodeResult left_out = result;
  left_out.spec.tag = pack_tag({-1, false});
  left_out.expert.unit_penalty_score = 1000;
  const NamedNumbers means = episode_metrics(std::vector{result, left_out}).means();
  CHECK(means.at("score/all") == 0.5);
  CHECK(means.at("score/full") == 5);
  CHECK(means.at("score/solo") == -4);
  CHECK(means.find("score/half") == nullptr);
  CHECK(means.at("score/expert") == 12);
  CHECK(means.at("reward") == 1);
  CHECK(means.at("correct") == 3.5);
  CHECK(means.at("wrong") == 3);
}
