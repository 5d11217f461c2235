#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <numeric>

#include "experiments/card/mind_probes.h"
#include "experiments/card/numbers/estimates.h"
#include "experiments/card/numbers/score_kinds.h"
#include "experiments/card/section.h"

namespace medal {
namespace {

constexpr int kProbeTasks = 32, kClampTasks = 24;
constexpr int kRandomSets = 3;
constexpr int kHeldPercents[] = {6, 25, 50};  // of the cells
constexpr double kTraceSeconds = 4;           // before and after what a trace is taken around
constexpr std::uint64_t kRandomCells = 0x52414E444F4DULL;

/// The expert comes and goes; the second learner sees it when the first one does not, but for a while.
World changing_world(const Subject& subject, std::uint64_t seed, NavmeshCache& navmeshes) {
  const TaskParameters parameters = card_parameters(subject, seed);
  const auto toggles = [&](std::initializer_list<double> seconds) {
    std::vector<int> steps;
    for (const double one : seconds) steps.push_back(steps_in(one, parameters));
    return steps;
  };
  return make_world(
      parameters, seed,
      {{PresenceKind::markov, true, toggles({15, 30, 45})}, {PresenceKind::markov, false, toggles({10, 25, 40})}},
      navmeshes);
}

MindHalves record(const CardContext& context) {
  const int pairs = (context.tasks(kProbeTasks) + 1) / 2;
  std::vector<std::vector<Mind>> tasks =
      play_minds(context.subject, context.seed, 2 * pairs, [&](std::uint64_t seed, NavmeshCache& navmeshes) {
        std::vector<World> worlds;
        worlds.push_back(changing_world(context.subject, seed, navmeshes));
        return worlds;
      });
  MindHalves halves;
  for (std::size_t i = 0; i < tasks.size(); i += 2) {
    std::move(tasks[i].begin(), tasks[i].end(), std::back_inserter(halves.chosen_on));
    halves.judged_on.push_back(std::move(tasks[i + 1]));
  }
  return halves;
}

/// Cells from the one that goes most with the mark, up or down, to the one that does so least.
std::vector<int> telling_cells(const MindRows& rows, bool MindStep::*mark) {
  const std::vector<double> with_mark = correlations(rows.cells, rows.marks(mark));
  std::vector<int> cells(with_mark.size());
  std::iota(cells.begin(), cells.end(), 0);
  std::stable_sort(cells.begin(), cells.end(), [&](int one, int other) {
    return std::abs(with_mark[static_cast<std::size_t>(one)]) > std::abs(with_mark[static_cast<std::size_t>(other)]);
  });
  return cells;
}

/// Cells at their means.
std::vector<HeldCell> held_at_means(const MindRows& rows, std::span<const int> cells) {
  std::vector<HeldCell> held;
  for (const int cell : cells) held.push_back({cell, rows.cells.col(cell).mean()});
  return held;
}

std::vector<FourScores> clamp_scores(const CardContext& context, const Subject& subject) {
  const PlayedTasks played =
      play_tasks(subject, context.seed, context.tasks(kClampTasks), [&](std::uint64_t seed, NavmeshCache& navmeshes) {
        const TaskParameters parameters = card_parameters(subject, seed);
        std::vector<World> worlds;
        worlds.push_back(make_world(parameters, seed, three_conditions(parameters), navmeshes));
        return worlds;
      });
  return of_tasks(played.tasks, [](const std::vector<Played>& worlds) { return four_scores(worlds.front()); });
}

/// CT while cells are held, those sets of them together.
Interval held_transmission(const CardContext& context, const MindRows& rows,
                           const std::vector<std::vector<int>>& sets) {
  std::vector<FourScores> sums;
  for (const std::vector<int>& cells : sets) {
    const auto scores = clamp_scores(context, with_held_cells(context.subject, held_at_means(rows, cells)));
    sums.resize(scores.size());
    for (std::size_t task = 0; task < scores.size(); ++task)
      for (const ScoreKind& kind : kScoreKinds) sums[task].*kind.member += scores[task].*kind.member;
  }
  return transmission(sums);
}

/// CT while the cells that tell most of the expert are held, and as many random ones.
Curves clamp_curves(const CardContext& context, const MindRows& rows, SectionResult& result) {
  const std::vector<int> telling = telling_cells(rows, &MindStep::seen);
  const Interval free = transmission(clamp_scores(context, context.subject));
  result.measures.push_back({"ct.free", "CT with all cells free", "", free});
  Series most{"those that tell most of the expert", {0}, {free}}, random{"as many random ones", {0}, {free}};
  Random draw(kRandomCells);
  for (const int percent : kHeldPercents) {
    const auto count = static_cast<std::ptrdiff_t>(telling.size()) * percent / 100;
    std::vector<std::vector<int>> sets;
    for (int set = 0; set < kRandomSets; ++set) {
      std::vector<int> shuffled = telling;
      draw.shuffle(std::span(shuffled));
      sets.emplace_back(shuffled.begin(), shuffled.begin() + count);
    }
    most.y.push_back(held_transmission(context, rows, {{telling.begin(), telling.begin() + count}}));
    random.y.push_back(held_transmission(context, rows, sets));
    for (Series* series : {&most, &random}) series->x.push_back(percent);
    const std::string held = fmt::format("CT with {} % of the cells held: ", percent);
    result.measures.push_back({fmt::format("ct.telling_{}", percent), held + most.title, "", most.y.back()});
    result.measures.push_back({fmt::format("ct.random_{}", percent), held + random.title, "", random.y.back()});
  }
  return {"clamp", "Cells of the memory held at their means", "% of the cells", "CT", {{"", {most, random}, {}, {}}}};
}

/// A cell's value around the steps at which a mark comes or goes, in its deviations from its mean.
Series trace(const MindHalves& halves, const MindRows& rows, const std::string& title, int cell, bool MindStep::*mark,
             bool comes) {
  const float mean_value = rows.cells.col(cell).mean();
  const float deviation = std::sqrt((rows.cells.col(cell).array() - mean_value).square().mean());
  const Mind& any = halves.chosen_on.front();
  const float rate = any.task->parameters.control_rate;
  const int reach = static_cast<int>(std::lround(kTraceSeconds * static_cast<double>(rate)));
  Series series{title, {}, {}};
  for (int offset = -reach; offset <= reach; ++offset) {
    series.x.push_back(offset / static_cast<double>(rate));
    series.y.push_back(ratio(of_tasks(halves.judged_on, [&](const std::vector<Mind>& minds) {
      Ratio sum{0, 0};
      for (const Mind& mind : minds)
        for (int i = std::max(1, -offset); i < static_cast<int>(mind.steps.size()) - std::max(0, offset); ++i) {
          const auto at = [&](int step) -> const MindStep& { return mind.steps[static_cast<std::size_t>(step)]; };
          if (at(i).*mark != comes || at(i - 1).*mark == comes) continue;
          const float value = at(i + offset).cells[static_cast<std::size_t>(cell)];
          sum += {static_cast<double>((value - mean_value) / deviation), 1};
        }
      return sum;
    })));
  }
  return series;
}

SectionResult measure_mind(const CardContext& context) {
  SectionResult result;
  result.headline = {"seen", "probe: is the expert shown to it? (chance 0.5)", "", ratio({})};
  if (!context.subject.agent) return result;
  const MindHalves halves = record(context);
  const MindRows rows = rows_of(halves.chosen_on);
  if (rows.cells.cols() == 0) return result;
  result.tasks = 2 * static_cast<int>(halves.judged_on.size());
  result.headline.value = probe(halves, &MindStep::seen);
  const int social = telling_cells(rows, &MindStep::seen).front(),
            goal = telling_cells(rows, &MindStep::inside).front();
  result.measures = {{"inside", "probe: is it inside a goal? (chance 0.5)", "", probe(halves, &MindStep::inside)},
                     {"next_goal", "probe: which goal comes next? (chance 0.25)", "", probe_next_goal(halves)},
                     {"social_cell", "its most telling cell alone: is the expert shown to it?", "",
                      probe_by_cell(halves, &MindStep::seen, static_cast<std::size_t>(social))},
                     {"goal_cell", "its most telling cell alone: is it inside a goal?", "",
                      probe_by_cell(halves, &MindStep::inside, static_cast<std::size_t>(goal))}};
  const Curves clamp = clamp_curves(context, rows, result);
  const auto panel = [&](const char* words, int cell, bool MindStep::*mark) {
    return Panel{fmt::format("cell {}: {}", cell, words),
                 {trace(halves, rows, "begins", cell, mark, true), trace(halves, rows, "ends", cell, mark, false)},
                 {{0, ""}}};
  };
  result.curves = {
      {"traces",
       "The two most telling cells around what they tell",
       "s since then",
       "deviations",
       {panel("the expert is shown", social, &MindStep::seen), panel("inside a goal", goal, &MindStep::inside)}},
      clamp};
  return result;
}

}  // namespace

CardSection mind_section() {
  return {"mind", "Mind",
          "What can be read off its memory by a linear map, which single cells tell most, and what does it lose where "
          "these cells are held at their means? Probes and cells are chosen on one half of the tasks and judged on the "
          "other.",
          0.1, measure_mind};
}

}  // namespace medal
