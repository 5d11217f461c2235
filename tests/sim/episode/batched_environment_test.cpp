#include "sim/episode/batched_environment.h"

#include <algorithm>
#include <functional>
#include <map>
#include <stdexcept>

#include "sim/episode/presence_timeline.h"
#include "sim/generation/generate_task.h"
#include "tests/support/catch.h"
#include "tests/support/wanderer.h"

using namespace medal;

namespace {

constexpr int kLearners = 3;

/// A small world with everything in it; episodes of 20 to 44 steps, so that worlds end at different times.
EpisodeSpec small_world(int world, std::int64_t episode) {
  EpisodeSpec spec;
  spec.parameters.arena_size = 12;
  spec.parameters.goals = 3;
  spec.seed = mix_seed(5, static_cast<std::uint64_t>(world), static_cast<std::uint64_t>(episode));
  spec.geometry_seed = mix_seed(6, static_cast<std::uint64_t>(world));
  spec.steps = 20 + 12 * (world % 3);
  for (const PresenceKind kind : {PresenceKind::full, PresenceKind::half, PresenceKind::solo})
    spec.presence.push_back(fixed_presence(kind, spec.steps));
  return spec;
}

std::unique_ptr<Player> wandering_expert(const Task& task, std::uint64_t) {
  return std::make_unique<Wanderer>(task.seed);
}

BatchedEnvironment environment(int first_world, int worlds, int threads = 1, int groups = 1) {
  EnvironmentOptions options;
  options.learners_per_world = kLearners;
  options.threads = threads;
  options.lidar.azimuths = 8;
  return {options, first_world, worlds, small_world, wandering_expert, Autoreset::same_step, groups};
}

/// The memory that an environment writes to.
struct Outputs {
  explicit Outputs(const BatchedEnvironment& environment)
      : rows(static_cast<std::size_t>(environment.learners())),
        width(static_cast<std::size_t>(environment.observation_size())),
        observations(rows * width),
        privileged(rows * kPrivilegedSize),
        rewards(rows),
        final_observations(rows * width, kUnwritten),
        terminated(rows, 9),
        truncated(rows, 9) {}

  StepOutputs spans() { return {observations, privileged, rewards, terminated, truncated, final_observations}; }
  static std::vector<float> row(const std::vector<float>& all, std::size_t index, std::size_t width) {
    const auto first = all.begin() + static_cast<std::ptrdiff_t>(index * width);
    return {first, first + static_cast<std::ptrdiff_t>(width)};
  }
  std::vector<float> observation(std::size_t learner) const { return row(observations, learner, width); }
  std::vector<float> final_observation(std::size_t learner) const { return row(final_observations, learner, width); }
  bool operator==(const Outputs&) const = default;

  static constexpr float kUnwritten = -99;
  std::size_t rows, width;
  std::vector<float> observations, privileged, rewards, final_observations;
  std::vector<std::uint8_t> terminated, truncated;
};

/// Actions of the learners of worlds first_world .. first_world + worlds - 1, the same whoever simulates them.
std::vector<Action> actions_of(int first_world, int worlds, int step) {
  std::vector<Action> actions;
  for (int w = first_world; w < first_world + worlds; ++w)
    for (const Action& action : wander_all(static_cast<std::uint64_t>(w), kLearners, step)) actions.push_back(action);
  return actions;
}

void step(BatchedEnvironment& environment, Outputs& out, int first_world, int at) {
  environment.step(actions_of(first_world, environment.worlds(), at), out.spans());
}

std::unique_ptr<Episode> lone_episode(const EpisodeSpec& spec, const LidarCaster& caster) {
  auto task = std::make_shared<const Task>(generate_task(spec.parameters, spec.seed, spec.geometry_seed));
  auto expert = wandering_expert(*task, 0);
  return std::make_unique<Episode>(spec, std::move(task), std::move(expert), caster);
}

bool same_score(const PlayerScore& a, const PlayerScore& b) {
  return a.reward == b.reward && a.unit_penalty_score == b.unit_penalty_score && a.history == b.history;
}

}  // namespace

TEST_CASE("results do not depend on the number of threads, bit for bit") {
  constexpr int kWorlds = 5, kSteps = 100;  // two to five episodes of each world
  BatchedEnvironment one = environment(0, kWorlds, 1), two = environment(0, kWorlds, 2),
                     four = environment(0, kWorlds, 4);
  Outputs out_one(one), out_two(two), out_four(four);
  one.observe(out_one.spans());
  two.observe(out_two.spans());
  four.observe(out_four.spans());
  for (int at = 0; at < kSteps; ++at) {
    step(one, out_one, 0, at);
    step(two, out_two, 0, at);
    step(four, out_four, 0, at);
    REQUIRE(out_one == out_two);
    REQUIRE(out_one == out_four);
    REQUIRE(one.state_hash() == two.state_hash());
    REQUIRE(one.state_hash() == four.state_hash());
  }
  const auto results = one.take_results(), others = four.take_results();
  REQUIRE(results.size() == others.size());
  for (std::size_t i = 0; i < results.size(); ++i) {
    CHECK(results[i].world == others[i].world);
    CHECK(results[i].episode == others[i].episode);
    CHECK(same_score(results[i].expert, others[i].expert));
    for (std::size_t k = 0; k < kLearners; ++k) CHECK(same_score(results[i].learners[k], others[i].learners[k]));
  }
}

TEST_CASE("groups of worlds that are stepped at different times come to what all at once come to") {
  constexpr int kWorlds = 5, kSteps = 60;
  BatchedEnvironment whole = environment(0, kWorlds), parts = environment(0, kWorlds, 3, 2);
  CHECK(parts.learners_of(0).count + parts.learners_of(1).count == parts.learners());
  CHECK(parts.learners_of(1).first == parts.learners_of(0).count);
  Outputs out(whole), out_first(parts), out_second(parts);
  std::vector<Action> actions;
  for (int at = 0; at < kSteps; ++at) step(whole, out, 0, at);
  for (int at = 0; at < kSteps; ++at) {  // the second group is one step behind
    const std::vector<Action> behind = actions;
    actions = actions_of(0, kWorlds, at);
    if (at > 0) parts.begin_step(1, behind, out_second.spans());
    parts.begin_step(0, actions, out_first.spans());
    for (int group = 0; group < 2; ++group) parts.finish_step(group);
    CHECK(parts.step_ended(0));
  }
  parts.begin_step(1, actions, out_second.spans());
  while (!parts.step_ended(1)) parts.help();
  parts.finish_step(1);
  CHECK(whole.state_hash() == parts.state_hash());
  const auto middle = static_cast<std::ptrdiff_t>(parts.learners_of(1).first) * parts.observation_size();
  CHECK(std::equal(out.observations.begin(), out.observations.begin() + middle, out_first.observations.begin()));
  CHECK(
      std::equal(out.observations.begin() + middle, out.observations.end(), out_second.observations.begin() + middle));
}

TEST_CASE("worlds are the same whichever environment holds them") {
  BatchedEnvironment all = environment(0, 8), low = environment(0, 4), high = environment(4, 4);
  Outputs out_all(all), out_low(low), out_high(high);
  for (int at = 0; at < 50; ++at) {
    step(all, out_all, 0, at);
    step(low, out_low, 0, at);
    step(high, out_high, 4, at);
    for (int w = 0; w < 8; ++w) {
      const BatchedEnvironment& half = w < 4 ? low : high;
      REQUIRE(all.episode(w).state_hash() == half.episode(w % 4).state_hash());
    }
    for (std::size_t row = 0; row < out_all.rows; ++row) {
      const Outputs& half = row < out_low.rows ? out_low : out_high;
      const std::size_t own = row % out_low.rows;
      REQUIRE(out_all.observation(row) == half.observation(own));
      REQUIRE(out_all.rewards[row] == half.rewards[own]);
      REQUIRE(out_all.truncated[row] == half.truncated[own]);
    }
  }
}

TEST_CASE("an episode is cut at its last step, and the next one begins at once") {
  constexpr int kWorlds = 3;
  BatchedEnvironment batch = environment(0, kWorlds);
  Outputs out(batch);
  LidarOptions lidar;
  lidar.azimuths = 8;
  const LidarCaster caster(lidar);
  // Each world's episodes, simulated beside it one by one.
  std::vector<std::unique_ptr<Episode>> lone;
  std::vector<std::int64_t> index(kWorlds, 0);
  for (int w = 0; w < kWorlds; ++w) lone.push_back(lone_episode(small_world(w, 0), caster));
  const auto observe = [&](const Episode& episode, int learner) {
    std::vector<float> row(out.width);
    episode.observe(learner, row);
    return row;
  };
  batch.observe(out.spans());
  for (int w = 0; w < kWorlds; ++w)
    for (int k = 0; k < kLearners; ++k)
      CHECK(out.observation(static_cast<std::size_t>(w * kLearners + k)) ==
            observe(*lone[static_cast<std::size_t>(w)], k));

  int cuts = 0;
  for (int at = 0; at < 100; ++at) {
    std::fill(out.final_observations.begin(), out.final_observations.end(), Outputs::kUnwritten);
    step(batch, out, 0, at);
    const std::vector<Action> actions = actions_of(0, kWorlds, at);
    for (std::size_t w = 0; w < kWorlds; ++w) {
      Episode& episode = *lone[w];
      episode.step(std::span(actions).subspan(w * kLearners, kLearners));
      const bool last = episode.step_count() == small_world(static_cast<int>(w), index[w]).steps;
      for (std::size_t k = 0; k < kLearners; ++k) {
        const std::size_t row = w * kLearners + k;
        REQUIRE(out.rewards[row] == episode.last_reward(static_cast<int>(k)));
        REQUIRE(out.terminated[row] == 0);
        REQUIRE(out.truncated[row] == (last ? 1 : 0));
        const std::vector<float> unwritten(out.width, Outputs::kUnwritten);
        REQUIRE(out.final_observation(row) == (last ? observe(episode, static_cast<int>(k)) : unwritten));
      }
      if (last) {
        ++cuts;
        lone[w] = lone_episode(small_world(static_cast<int>(w), ++index[w]), caster);
      }
      for (std::size_t k = 0; k < kLearners; ++k)
        REQUIRE(out.observation(w * kLearners + k) == observe(*lone[w], static_cast<int>(k)));
    }
  }
  CHECK(cuts == 5 + 3 + 2);
}

TEST_CASE("who does not want the last observations need not give memory for them") {
  BatchedEnvironment with = environment(0, 1), without = environment(0, 1);
  Outputs out_with(with), out_without(without);
  StepOutputs spans = out_without.spans();
  spans.final_observations = {};
  for (int at = 0; at < 25; ++at) {
    step(with, out_with, 0, at);
    without.step(actions_of(0, 1, at), spans);
    REQUIRE(out_with.observations == out_without.observations);
  }
  CHECK(out_without.final_observation(0) == std::vector<float>(out_without.width, Outputs::kUnwritten));
}

TEST_CASE("results come in the order of world and episode, once, with the scores of what was played") {
  BatchedEnvironment batch = environment(4, 4);
  Outputs out(batch);
  std::map<std::pair<int, std::int64_t>, std::vector<float>> sums;
  std::vector<std::int64_t> index(4, 0);
  std::vector<EpisodeResult> first, second;
  for (int at = 0; at < 110; ++at) {
    step(batch, out, 4, at);
    for (std::size_t w = 0; w < 4; ++w) {
      std::vector<float>& sum = sums[{4 + static_cast<int>(w), index[w]}];
      sum.resize(kLearners);
      for (std::size_t k = 0; k < kLearners; ++k) sum[k] += out.rewards[w * kLearners + k];
      index[w] += out.truncated[w * kLearners];
    }
    if (at == 60) first = batch.take_results();
  }
  second = batch.take_results();
  CHECK(batch.take_results().empty());
  std::size_t expected = 0;
  for (const std::int64_t episodes : index) expected += static_cast<std::size_t>(episodes);
  CHECK(first.size() + second.size() == expected);
  for (const auto& results : {first, second}) {
    REQUIRE_FALSE(results.empty());
    CHECK(std::is_sorted(results.begin(), results.end(), [](const EpisodeResult& a, const EpisodeResult& b) {
      return std::pair(a.world, a.episode) < std::pair(b.world, b.episode);
    }));
    for (const EpisodeResult& result : results) {
      CHECK(result.spec.seed == small_world(result.world, result.episode).seed);
      REQUIRE(result.learners.size() == kLearners);
      for (std::size_t k = 0; k < kLearners; ++k)
        CHECK(result.learners[k].reward == Approx(sums.at({result.world, result.episode})[k]).margin(1e-5));
    }
  }
}

TEST_CASE("a restored environment goes on as the saved one does, bit for bit") {
  BatchedEnvironment saved = environment(2, 4);
  Outputs out_saved(saved);
  for (int at = 0; at < 57; ++at) step(saved, out_saved, 2, at);
  saved.take_results();
  const std::vector<WorldRecord> records = saved.save();
  REQUIRE(std::any_of(records.begin(), records.end(), [](const WorldRecord& r) { return r.episode > 0; }));
  REQUIRE(std::any_of(records.begin(), records.end(), [](const WorldRecord& r) { return r.actions.size() > 30; }));

  BatchedEnvironment restored = environment(2, 4, 2);
  Outputs out_restored(restored);
  for (int at = 0; at < 7; ++at) step(restored, out_restored, 2, at);  // whatever it did before does not matter
  restored.restore(records);
  CHECK(restored.state_hash() == saved.state_hash());
  BatchedEnvironment again = environment(2, 4);  // a save right after restoring is worth as much
  again.restore(restored.save());
  CHECK(again.state_hash() == saved.state_hash());
  restored.observe(out_restored.spans());
  CHECK(out_restored.observations == out_saved.observations);
  CHECK(out_restored.privileged == out_saved.privileged);
  out_saved.final_observations = out_restored.final_observations;
  for (int at = 57; at < 110; ++at) {
    step(saved, out_saved, 2, at);
    step(restored, out_restored, 2, at);
    REQUIRE(out_saved == out_restored);
    REQUIRE(saved.state_hash() == restored.state_hash());
  }
  const auto results = saved.take_results(), others = restored.take_results();
  REQUIRE(results.size() == others.size());
  for (std::size_t i = 0; i < results.size(); ++i) {
    CHECK(results[i].episode == others[i].episode);
    CHECK(same_score(results[i].expert, others[i].expert));
    for (std::size_t k = 0; k < kLearners; ++k) CHECK(same_score(results[i].learners[k], others[i].learners[k]));
  }
}

TEST_CASE("a record that does not fit what it says is refused") {
  BatchedEnvironment batch = environment(0, 2);
  Outputs out(batch);
  for (int at = 0; at < 15; ++at) step(batch, out, 0, at);
  const std::vector<WorldRecord> good = batch.save();
  BatchedEnvironment other = environment(0, 2, 2);
  const auto refuses = [&](const std::function<void(std::vector<WorldRecord>&)>& tamper) {
    std::vector<WorldRecord> records = good;
    tamper(records);
    CHECK_THROWS_AS(other.restore(records), std::runtime_error);
  };
  refuses([](auto& records) { records[1].state_hash ^= 1; });
  refuses([](auto& records) { records[0].actions[7].forward += 0.5F; });
  refuses([](auto& records) { records[1].spec.seed ^= 1; });
  refuses([](auto& records) { records[0].spec.presence[0].at_start = !records[0].spec.presence[0].at_start; });
  refuses([](auto& records) { records.pop_back(); });
  refuses([](auto& records) { std::swap(records[0], records[1]); });
  refuses([](auto& records) { records[1].actions.pop_back(); });
  refuses([](auto& records) { records[1].actions.clear(); });
  refuses([](auto& records) { records[0].actions.resize(1000); });
  refuses([](auto& records) { records[0].spec.presence.pop_back(); });
  other.restore(good);  // a refusal leaves nothing behind that matters
  CHECK(other.state_hash() == batch.state_hash());
}

TEST_CASE("by next_step the last observation stands for one step, then the same episodes follow as by same_step") {
  EnvironmentOptions options;
  options.learners_per_world = kLearners;
  options.lidar.azimuths = 8;
  BatchedEnvironment at_once = environment(0, 1),
                     later(options, 0, 1, small_world, wandering_expert, Autoreset::next_step);
  Outputs first(at_once), second(later);
  at_once.observe(first.spans());
  later.observe(second.spans());
  int ended = 0;
  for (int at = 0; at < 50; ++at) {
    step(at_once, first, 0, at);
    step(later, second, 0, at);
    CHECK(first.rewards == second.rewards);
    CHECK(first.truncated == second.truncated);
    if (first.truncated[0] == 0) {
      CHECK(first.observations == second.observations);
      CHECK(first.privileged == second.privileged);
      continue;
    }
    ++ended;
    CHECK(first.final_observations == second.observations);
    step(later, second, 0, 1000 + at);  // an action that is not taken
    CHECK(first.observations == second.observations);
    CHECK(second.rewards == std::vector<float>(kLearners, 0.0F));
    CHECK(second.truncated == std::vector<std::uint8_t>(kLearners, 0));
  }
  CHECK(ended == 2);
  CHECK(at_once.state_hash() == later.state_hash());
  CHECK(at_once.take_results().size() == later.take_results().size());
}
