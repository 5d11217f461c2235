#include <fmt/format.h>

#include "curriculum/presence/conditions.h"
#include "experiments/card/numbers/estimates.h"
#include "experiments/card/numbers/score_kinds.h"
#include "experiments/card/section.h"
#include "experiments/card/worlds/worlds.h"

namespace medal {
namespace {

constexpr int kTransmissionTasks = 128;
constexpr double kBetweenPoints = 2;  // between the points of a curve

struct Setting {
  int goals;
  bool complex;

  std::string key() const { return fmt::format("{}_{}", complex ? "complex" : "empty", goals); }
  std::string title() const { return fmt::format("{}, {} goals", complex ? "complex" : "empty", goals); }
};
constexpr Setting kSettings[] = {{4, false}, {5, false}, {6, false}, {4, true}, {5, true}, {6, true}};

std::vector<World> transmission_worlds(const Subject& subject, std::uint64_t seed, NavmeshCache& navmeshes) {
  std::vector<World> worlds;
  for (const Setting& setting : kSettings) {
    TaskParameters parameters = card_parameters(subject, seed);
    parameters.goals = setting.goals;
    set_obstacles(parameters, setting.complex ? 1.0F : 0.0F);
    worlds.push_back(make_world(parameters, seed, three_conditions(parameters), navmeshes));
  }
  return worlds;
}

void add_game(const Setting& setting, const std::vector<FourScores>& tasks, SectionResult& result) {
  const auto add = [&](const std::string& name, const std::string& title, const Interval& value) {
    result.measures.push_back({setting.key() + "." + name, setting.title() + ": " + title, "", value});
  };
  add("ct", "CT", transmission(tasks));
  for (const ScoreKind& score : std::span(kScoreKinds).first(kConditions))
    add(std::string(score.name) + "_share", std::string(score.name) + " / E",
        ratio(of_tasks(tasks, [&score](const FourScores& task) {
          return Ratio{task.*score.member, task.expert};
        })));
  for (const ScoreKind& score : kScoreKinds)
    add(std::string(score.name) + "_score", std::string("score ") + score.name,
        mean(of_tasks(tasks, [&score](const FourScores& task) { return task.*score.member; })));
}

Panel panel_of(const std::string& title, const std::vector<Played>& tasks) {
  const TaskParameters& parameters = tasks.front().task->parameters;
  const auto end = static_cast<double>(parameters.episode_seconds);
  Panel panel{title, {}, {{end / 2, "half loses the expert"}}};
  for (const ScoreKind& score : kScoreKinds) {
    Series series{score.title, {}, {}};
    for (double t = kBetweenPoints; t <= end; t += kBetweenPoints) {
      series.x.push_back(t);
      series.y.push_back(mean(of_tasks(tasks, [&](const Played& played) {
        return four_scores_in(played, {-1, t}).*score.member;
      })));
    }
    panel.series.push_back(std::move(series));
  }
  return panel;
}

SectionResult measure_transmission(const CardContext& context) {
  const PlayedTasks played = play_tasks(context.subject, context.seed, context.tasks(kTransmissionTasks),
                                        [&](std::uint64_t seed, NavmeshCache& navmeshes) {
                                          return transmission_worlds(context.subject, seed, navmeshes);
                                        });
  SectionResult result{static_cast<int>(played.tasks.size()), played.rejected, {}, {}};
  Curves curves{"scores", "Score up to then, at penalty 1", "s", "score", {}};
  std::vector<FourScores> over_all(played.tasks.size());
  for (std::size_t i = 0; i < std::size(kSettings); ++i) {
    const auto tasks = of_tasks(played.tasks, [i](const std::vector<Played>& worlds) { return worlds[i]; });
    const auto scores = of_tasks(tasks, four_scores);
    add_game(kSettings[i], scores, result);
    curves.panels.push_back(panel_of(kSettings[i].title(), tasks));
    for (std::size_t t = 0; t < scores.size(); ++t)
      for (const ScoreKind& score : kScoreKinds) over_all[t].*score.member += scores[t].*score.member;
  }
  result.headline = {"ct", "CT over all six games", "", transmission(over_all)};
  result.curves.push_back(std::move(curves));
  return result;
}

}  // namespace

CardSection transmission_section() {
  return {
      "transmission", "Transmission",
      "Does it follow the expert, and go on in its order once that has gone? CT is 0 where it ignores the expert or "
      "needs none, 0.75 for a perfect follower without memory, 1 for perfect recall.",
      0.15, measure_transmission};
}

}  // namespace medal
