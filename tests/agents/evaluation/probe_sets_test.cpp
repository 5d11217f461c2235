#include <array>
#include <map>

#include "agents/evaluation/probe.h"
#include "agents/experts/experts.h"
#include "agents/experts/hesitant.h"
#include "agents/network/action_distribution.h"  // before Catch: LibTorch has a CHECK of its own
#include "sim/generation/generate_task.h"
#include "tests/support/catch.h"
#include "tests/support/places.h"

using namespace medal;
namespace fs = std::filesystem;

namespace {

/// Paid and wrong entries of a recorded expert.
struct Entries {
  int paid = 0, wrong = 0;
};
Entries entries_of(const Replay& replay) {
  Entries entries;
  play_again(replay, [&](const Episode& episode) {
    const GoalHistory& history = episode.expert_score().history;
    entries = {history.correct, history.wrong};
  });
  return entries;
}

ProbedAgent agent_with(const std::string& name, const std::vector<double>& half_shares) {
  ProbedAgent agent{name, {}};
  double sum = 0;
  for (const double share : half_shares) {
    agent.result.parts.emplace_back();
    agent.result.parts.back().result.half_share.mean = share;
    sum += share;
  }
  agent.result.total.half_share.mean = sum / static_cast<double>(half_shares.size());
  return agent;
}

}  // namespace

TEST_CASE("who hesitates enters what it would have entered, later, and nothing else") {
  NavmeshCache navmeshes(1);
  TaskParameters parameters;
  parameters.goals = 5;
  int prompt = 0, late = 0;
  for (std::uint64_t seed = 1; seed <= 12; ++seed) {
    const auto play = [&](bool hesitates) {
      return record_demonstration(parameters, seed, [&](const Task& task, std::uint64_t expert) {
        auto bot = make_expert(task, expert, navmeshes);
        return hesitates ? hesitant(std::move(bot), expert) : std::move(bot);
      });
    };
    const Entries bot = entries_of(play(false)), hesitating = entries_of(play(true));
    INFO("seed " << seed);
    CHECK(bot.wrong == 0);
    CHECK(hesitating.wrong == 0);
    prompt += bot.paid;
    late += hesitating.paid;
  }
  CHECK(late < 0.95 * prompt);
  CHECK(late > 0.6 * prompt);
}

TEST_CASE("the probe sets come out as recorded, balanced in crossings, each game in two styles") {
  EvaluationOptions options;
  for (const char* world : {"empty", "complex"}) {
    std::map<int, int> games;  // by crossings
    for (const auto& file : fs::directory_iterator(source_folder() / "experiments/probes" / world)) {
      INFO(file.path());
      const Demonstration shown = check_demonstration(file.path().string(), load_replay(file.path()), 10, options);
      const EpisodeSpec& spec = shown.replay.spec;
      const Task task = generate_task(spec.parameters, spec.seed, spec.geometry_seed);
      CHECK(task.goals.size() == 5);
      CHECK(task.obstacles.empty() == (std::string(world) == "empty"));
      CHECK(entries_of(shown.replay).wrong == 0);
      ++games[task.crossings];
    }
    CHECK(games == std::map<int, int>{{0, 2}, {1, 2}, {2, 2}, {3, 2}, {5, 2}});
  }
}

TEST_CASE("agents rank by what they learn, demonstrations by what all agents learn from them") {
  const std::vector<ProbedAgent> agents = {agent_with("a", {0.2, 0.9, 0.3}), agent_with("b", {0.8, 0.7, 0.9})};
  const ProbeRanking ranking = rank_probes(agents);
  CHECK(ranking.agents == std::vector<std::size_t>{1, 0});
  CHECK(ranking.demonstrations == std::vector<std::size_t>{1, 2, 0});
}
