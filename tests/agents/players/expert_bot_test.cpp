#include "agents/players/expert_bot.h"

#include <algorithm>

#include "sim/episode.h"
#include "tests/catch.h"

using namespace medal;

namespace {

constexpr float kLongestLeg = 20;  // s between two goals, with every detour that a 20 m arena asks for

struct Outcome {
  PlayerScore score;
  float longest_wait = 0;  ///< s between entries that paid
  bool jumped_bar = false, crouched = false;
};

Outcome play(const TaskParameters& parameters, std::uint64_t seed, NavmeshCache& cache) {
  const auto task = std::make_shared<const Task>(generate_task(parameters, seed));
  EpisodeSpec spec;
  spec.parameters = parameters;
  spec.seed = spec.geometry_seed = seed;
  spec.steps = parameters.episode_steps();
  spec.presence.resize(1);
  LidarOptions lidar;
  lidar.azimuths = 4;
  const LidarCaster caster(lidar);
  Episode episode(spec, task, make_expert(*task, seed, cache), caster);
  Outcome outcome;
  int correct = 0, since = 0;
  const Action stand;
  while (!episode.finished()) {
    episode.step({&stand, 1});
    ++since;
    if (episode.expert_score().history.correct > correct) since = 0;
    correct = episode.expert_score().history.correct;
    outcome.longest_wait = std::max(outcome.longest_wait, static_cast<float>(since) / parameters.control_rate);
    outcome.jumped_bar |= !episode.expert_avatar().on_ground && episode.expert_action().jump > 0;
    outcome.crouched |= episode.expert_avatar().crouching;
  }
  outcome.score = episode.expert_score();
  return outcome;
}

}  // namespace

TEST_CASE("on a thousand tasks of full difficulty the expert makes no wrong entry and gets stuck on none") {
  NavmeshCache cache(1);
  const TaskParameters full_difficulty;
  int wrong = 0, stuck = 0, jumps = 0, crouches = 0;
  float worst = 0;
  for (std::uint64_t seed = 1; seed <= 1000; ++seed) {
    const Outcome outcome = play(full_difficulty, seed, cache);
    wrong += outcome.score.history.wrong;
    const bool waited = outcome.longest_wait > kLongestLeg;
    stuck += waited;
    worst = std::max(worst, outcome.longest_wait);
    jumps += outcome.jumped_bar;
    crouches += outcome.crouched;
    if (outcome.score.history.wrong > 0 || waited)
      UNSCOPED_INFO("seed " << seed << ": wrong " << outcome.score.history.wrong << ", longest wait "
                            << outcome.longest_wait << " s");
  }
  UNSCOPED_INFO("longest wait " << worst << " s, tasks with jumps " << jumps << ", with crouching " << crouches);
  CHECK(wrong == 0);
  CHECK(stuck == 0);
  CHECK(jumps > 20);
  CHECK(crouches > 20);
}
