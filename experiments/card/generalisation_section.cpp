#include <optional>

#include "experiments/card/numbers/estimates.h"
#include "experiments/card/section.h"
#include "experiments/card/worlds/knob_maps.h"
#include "experiments/card/worlds/worlds.h"

namespace medal {
namespace {

constexpr int kGeneralisationTasks = 24;

/// The cells of all maps, map by map and row by row.
struct MapCell {
  const KnobMap* map;
  double x, y;
  std::size_t perfect;  ///< the cell whose expert's score is E: that of the map's first row, where experts are perfect

  bool is_trained(const TaskDistribution& trained) const {
    const auto inside = [](const KnobRange& range, double value) {
      constexpr double kTolerance = 1e-4;  // of knobs of single precision
      return value >= range.low - kTolerance && value <= range.high + kTolerance;
    };
    return inside(map->x.trained(trained), x) && inside(map->y.trained(trained), y);
  }
};

std::vector<MapCell> cells_of(const std::vector<KnobMap>& maps) {
  std::vector<MapCell> cells;
  for (const KnobMap& map : maps) {
    const std::size_t first = cells.size();
    for (const double y : map.y.values)
      for (std::size_t i = 0; i < map.x.values.size(); ++i)
        cells.push_back({&map, map.x.values[i], y, map.name == "expert" ? first + i : cells.size()});
  }
  return cells;
}

std::vector<World> cell_worlds(const std::vector<MapCell>& cells, const Subject& subject, std::uint64_t seed,
                               NavmeshCache& navmeshes) {
  std::vector<World> worlds;
  for (const MapCell& cell : cells) {
    TaskParameters parameters = card_parameters(subject, seed);
    cell.map->x.set(parameters, cell.x);
    cell.map->y.set(parameters, cell.y);
    worlds.push_back(make_world(parameters, seed, three_conditions(parameters), navmeshes, false));
  }
  return worlds;
}

/// [task][cell]; nothing where the cell had no layout.
using CellScores = std::vector<std::optional<FourScores>>;

std::vector<CellScores> cell_scores(const PlayedTasks& played, const std::vector<MapCell>& cells) {
  std::vector<CellScores> tasks;
  for (const std::vector<Played>& worlds : played.tasks) {
    CellScores& scores = tasks.emplace_back(cells.size());
    for (std::size_t i = 0; i < cells.size(); ++i) {
      const Played &world = worlds[i], &perfect = worlds[cells[i].perfect];
      if (!world.task || !perfect.task) continue;
      scores[i] = four_scores(world);
      scores[i]->expert = score_of(perfect.expert);
    }
  }
  return tasks;
}

Interval cell_transmission(const std::vector<CellScores>& tasks, std::size_t cell) {
  std::vector<FourScores> scores;
  for (const CellScores& task : tasks)
    if (task[cell]) scores.push_back(*task[cell]);
  return transmission(scores);
}

SectionResult measure_generalisation(const CardContext& context) {
  const std::vector<KnobMap> maps = knob_maps(context.quick);
  const std::vector<MapCell> cells = cells_of(maps);
  const PlayedTasks played = play_tasks(context.subject, context.seed, context.tasks(kGeneralisationTasks),
                                        [&](std::uint64_t seed, NavmeshCache& navmeshes) {
                                          return cell_worlds(cells, context.subject, seed, navmeshes);
                                        });
  const std::vector<CellScores> tasks = cell_scores(played, cells);
  SectionResult result{static_cast<int>(played.tasks.size()), played.rejected, {}, {}};
  std::vector<bool> inside, outside;
  for (const MapCell& cell : cells) {
    inside.push_back(cell.is_trained(context.subject.trained));
    outside.push_back(!inside.back());
  }
  result.headline = {"outside", "CT, mean over the cells outside of what it was trained on", "",
                     mean_transmission(tasks, outside)};
  result.measures = {{"inside", "CT, mean over the cells inside", "", mean_transmission(tasks, inside)}};
  std::size_t cell = 0;
  for (const KnobMap& plan : maps) {
    Map map{plan.name,
            plan.title,
            "CT",
            plan.x.label,
            plan.y.label,
            plan.x.values,
            plan.y.values,
            {},
            plan.x.trained(context.subject.trained),
            plan.y.trained(context.subject.trained)};
    for (std::size_t row = 0; row < plan.y.values.size(); ++row) {
      map.values.emplace_back();
      for (std::size_t i = 0; i < plan.x.values.size(); ++i)
        map.values.back().push_back(cell_transmission(tasks, cell++));
    }
    result.maps.push_back(std::move(map));
  }
  return result;
}

}  // namespace

CardSection generalisation_section() {
  return {
      "generalisation", "Generalisation",
      "CT in worlds that differ from those of training, two knobs at a time, all others as everywhere on this card. "
      "Framed: what training drew from. Where the expert errs, E is a perfect expert's score in the same task.",
      0.45, measure_generalisation};
}

}  // namespace medal
