#include <fmt/format.h>

#include <limits>

#include "experiments/card/numbers/estimates.h"
#include "experiments/card/numbers/laps.h"
#include "experiments/card/section.h"
#include "experiments/card/worlds/worlds.h"

namespace medal {
namespace {

constexpr int kExplorationTasks = 64;
constexpr int kGoals[] = {4, 5, 6};
constexpr double kShort = 60, kLong = 240, kExplorationBin = 10;  // s

/// s until the first whole lap without a mistake; more than kLong where there was none.
double found_after(const Played& played) {
  const std::vector<double> laps = lap_ends(played.learners.front().entries, played.rate(), played.task->order);
  return laps.empty() ? std::numeric_limits<double>::infinity() : laps.front();
}

Interval found_by(const std::vector<Played>& tasks, double seconds) {
  return mean(of_tasks(tasks, [seconds](const Played& played) { return found_after(played) <= seconds ? 1.0 : 0.0; }));
}

void add_exploration(int goals, const std::vector<Played>& tasks, SectionResult& result) {
  const auto add = [&](const char* name, const std::string& title, const char* unit, const Interval& value) {
    result.measures.push_back(
        {fmt::format("goals_{}.{}", goals, name), fmt::format("{} goals: {}", goals, title), unit, value});
  };
  add("found_60", "tasks whose order it found in 60 s", "", found_by(tasks, kShort));
  add("found_240", "the same in 240 s", "", found_by(tasks, kLong));
  add("seconds", "until it found it, where it did", "s", ratio(of_tasks(tasks, [](const Played& played) {
        const double found = found_after(played);
        return found <= kLong ? Ratio{found, 1} : Ratio{0, 0};
      })));
  const auto per_minute = [&](bool paid) {
    return mean(of_tasks(tasks, [paid](const Played& played) {
      int count = 0;
      for (const GoalEntry& entry : played.learners.front().entries) count += (entry.reward > 0) == paid ? 1 : 0;
      return count * 60.0 / kLong;
    }));
  };
  add("right", "entries that pay", "per min", per_minute(true));
  add("wrong", "entries that cost", "per min", per_minute(false));
}

SectionResult measure_exploration(const CardContext& context) {
  const PlayedTasks played =
      play_tasks(context.subject, context.seed, context.tasks(kExplorationTasks),
                 [&](std::uint64_t seed, NavmeshCache& navmeshes) {
                   std::vector<World> worlds;
                   for (const int goals : kGoals) {
                     TaskParameters parameters = card_parameters(context.subject, seed);
                     parameters.goals = goals;
                     parameters.expert = ExpertKind::absent;
                     parameters.episode_seconds = static_cast<float>(kLong);
                     worlds.push_back(make_world(parameters, seed, {fixed_presence(PresenceKind::solo, 1)}, navmeshes));
                   }
                   return worlds;
                 });
  SectionResult result{static_cast<int>(played.tasks.size()), played.rejected, {}, {}};
  Panel found{"", {}, {{kShort, "60 s"}}, {}}, score{"", {}, {{kShort, "60 s"}}, {{0, ""}}};
  for (std::size_t i = 0; i < std::size(kGoals); ++i) {
    const auto tasks = of_tasks(played.tasks, [i](const std::vector<Played>& worlds) { return worlds[i]; });
    add_exploration(kGoals[i], tasks, result);
    if (kGoals[i] == 5)
      result.headline = {"found", "5 goals: tasks whose order it found alone in 240 s", "", found_by(tasks, kLong)};
    found.series.push_back({fmt::format("{} goals", kGoals[i]), {}, {}});
    score.series.push_back(found.series.back());
    for (double t = kExplorationBin; t <= kLong; t += kExplorationBin) {
      found.series.back().x.push_back(t);
      found.series.back().y.push_back(found_by(tasks, t));
      score.series.back().x.push_back(t - kExplorationBin / 2);
      score.series.back().y.push_back(mean(of_tasks(tasks, [t](const Played& one) {
        return score_in(one.learners.front(), one.rate(), {t - kExplorationBin, t});
      })));
    }
  }
  result.curves = {{"found", "Tasks whose order was found by then", "s", "share", {std::move(found)}},
                   {"scores", "Score in each 10 s", "s", "score in 10 s", {std::move(score)}}};
  return result;
}

}  // namespace

CardSection exploration_section() {
  return {"exploration", "Exploration",
          "Alone, with nobody to learn from: does it find the order out by itself, and how soon? The order counts as "
          "found at the end of the first whole lap without a mistake.",
          0.1, measure_exploration};
}

}  // namespace medal
