#include "agents/evaluation/probe.h"

#include <nlohmann/json.hpp>

#include "agents/experts/experts.h"
#include "agents/network/action_distribution.h"  // before Catch: LibTorch has a CHECK of its own
#include "sim/episode/presence_timeline.h"
#include "sim/generation/generate_task.h"
#include "tests/support/catch.h"
#include "tests/support/file_helpers.h"
#include "tests/support/random_policy.h"

using namespace medal;

namespace {

EvaluationOptions lenient() {
  EvaluationOptions options;
  options.minimum_expert_score = 3;
  options.bootstrap_samples = 200;
  return options;
}

/// A game of 15 s whose expert was one of the bots; by hand it was hidden from the learner all the time.
Replay recorded_demonstration(ExpertKind expert = ExpertKind::perfect, float penalty = 1) {
  EpisodeSpec spec;
  spec.parameters.arena_size = 12;
  spec.parameters.bumpiness = 0.2F;
  spec.parameters.upright_density = spec.parameters.low_bar_density = spec.parameters.overhead_bar_density = 0;
  spec.parameters.goals = 4;
  spec.parameters.episode_seconds = 15;
  spec.parameters.expert = expert;
  spec.parameters.penalty = penalty;
  spec.seed = spec.geometry_seed = 21;
  spec.steps = spec.parameters.episode_steps();
  spec.presence = {fixed_presence(PresenceKind::full, spec.steps)};
  const auto task = std::make_shared<const Task>(generate_task(spec.parameters, spec.seed, spec.geometry_seed));
  NavmeshCache cache(1);
  const LidarCaster lidar(LidarOptions{});
  Episode episode(spec, task, make_expert(*task, 1, cache), lidar);
  episode.set_expert_visible(0, false);
  ReplayRecorder recorder(spec);
  const Action still;
  while (!episode.finished()) {
    episode.step(std::span(&still, 1));
    recorder.record(episode, std::span(&still, 1));
  }
  return recorder.replay();
}

/// Learners that only look: how many rays met an avatar, over all steps.
struct Watchers {
  std::vector<int> sightings;

  BatchPolicy policy(const LidarOptions& lidar) {
    const ObservationLayout layout = observation_layout(lidar);
    const auto offset = static_cast<std::size_t>(layout.find("lidar_avatar")->offset);
    const auto length = static_cast<std::size_t>(layout.rays);
    return {[this](std::span<const std::uint64_t> seeds) { sightings.assign(seeds.size(), 0); },
            [this, offset, length](std::span<const float> observations, std::span<Action> actions) {
              const std::size_t size = observations.size() / actions.size();
              for (std::size_t k = 0; k < actions.size(); ++k) {
                for (const float proximity : observations.subspan(k * size + offset, length))
                  if (proximity > 0) ++sightings[k];
                actions[k] = {};
              }
            }};
  }
};

}  // namespace

TEST_CASE("a probe shows the recorded expert always, until half-time and never, whenever the recorded learner saw it") {
  const LidarOptions lidar;
  const Demonstration demonstration = check_demonstration("a", recorded_demonstration(), 10, lenient());
  Watchers watchers;
  const auto scores = play_demonstration(watchers.policy(lidar), demonstration, 2, lidar);
  REQUIRE(scores.size() == 2);
  REQUIRE(watchers.sightings.size() == 6);
  CHECK(watchers.sightings[0] > watchers.sightings[1]);
  CHECK(watchers.sightings[1] > 0);
  CHECK(watchers.sightings[2] == 0);
  CHECK(watchers.sightings[3] == watchers.sightings[0]);
}

TEST_CASE("E is the demonstration's own score at penalty 1, and those who do nothing transmit nothing") {
  const LidarOptions lidar;
  const Demonstration cheap = check_demonstration("a", recorded_demonstration(ExpertKind::perfect, 0), 10, lenient());
  CHECK(cheap.score >= 3);
  Watchers watchers;
  const ProbeResult result = probe(watchers.policy(lidar), std::span(&cheap, 1), 3, lenient(), lidar);
  CHECK(result.total.expert.mean == cheap.score);
  CHECK(result.total.ct.mean == 0);
  CHECK(result.total.tasks.size() == 1);
  CHECK(result.parts.at(0).result.tasks.size() == 3);
}

TEST_CASE("repetitions draw different actions, and a probe repeats exactly") {
  const LidarOptions lidar;
  const Demonstration demonstration = check_demonstration("a", recorded_demonstration(), 10, lenient());
  const auto a = play_demonstration(random_policy(1), demonstration, 6, lidar);
  const auto b = play_demonstration(random_policy(1), demonstration, 6, lidar);
  std::vector<double> scores;
  for (std::size_t i = 0; i < a.size(); ++i) {
    CHECK(a[i].full == b[i].full);
    scores.insert(scores.end(), {a[i].full, a[i].half, a[i].solo});
  }
  CHECK(std::adjacent_find(scores.begin(), scores.end(), std::not_equal_to<>()) != scores.end());
}

TEST_CASE("the JSON of a probe is that of an evaluation, with its parts") {
  const LidarOptions lidar;
  const std::vector<Demonstration> two = {check_demonstration("a.replay", recorded_demonstration(), 10, lenient()),
                                          check_demonstration("b.replay", recorded_demonstration(), 10, lenient())};
  const auto json = nlohmann::json::parse(probe_to_json(probe(random_policy(1), two, 2, lenient(), lidar)));
  CHECK(json.at("tasks") == 2);
  CHECK(json.at("rejected") == 0);
  for (const char* bound : {"mean", "low", "high"}) {
    CHECK(json.at("ct").at(bound).is_number());
    for (const char* score : {"full", "half", "solo", "expert"})
      CHECK(json.at("score").at(score).at(bound).is_number());
  }
  CHECK(json.at("probe").at("repeats") == 2);
  CHECK(json.at("probe").at("files").at(1).at("file") == "b.replay");
  CHECK(json.at("probe").at("files").at(0).at("score").at("expert").at("mean") == two[0].score);
  CHECK(json.at("probe").at("files").at(0).at("repetitions").size() == 2);
}

TEST_CASE("a demonstration that is worth nothing, parts from its states or has another rate is refused by name") {
  const auto error = [](Replay replay, float rate = 10) {
    return user_error_of([&] { check_demonstration("demo.replay", std::move(replay), rate, lenient()); });
  };
  const std::string poor = error(recorded_demonstration(ExpertKind::anti_expert));
  CHECK(poor.find("demo.replay") != std::string::npos);
  CHECK(poor.find("evaluation.minimum_expert_score") != std::string::npos);
  Replay parted = recorded_demonstration();
  parted.hashes[40] ^= 1;
  CHECK(error(parted).find("step 40") != std::string::npos);
  CHECK(error(recorded_demonstration(), 30).find("control_rate") != std::string::npos);
}
