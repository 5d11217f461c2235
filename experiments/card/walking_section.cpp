#include <numeric>

#include "experiments/card/numbers/estimates.h"
#include "experiments/card/numbers/laps.h"
#include "experiments/card/numbers/walking.h"
#include "experiments/card/section.h"
#include "experiments/card/worlds/worlds.h"

namespace medal {
namespace {

constexpr int kWalkingTasks = 64;
constexpr double kWalkSeconds = 60, kBetweenDistances = 2;  // s
constexpr double kNear = 5;                                 // m

const Track& learner_of(const Played& played) { return played.learners.front(); }
const Track& expert_of(const Played& played) { return played.expert; }

/// m between learner and expert after each step.
std::vector<double> distances(const Played& played) {
  std::vector<double> all;
  for (std::size_t i = 1; i < played.expert.path.size(); ++i)
    all.push_back(static_cast<double>((learner_of(played).path[i] - played.expert.path[i]).norm()));
  return all;
}

double mean_lap(const Track& track, const Played& played) {
  const std::vector<double> laps = lap_seconds(track.entries, played.rate(), played.task->order);
  return laps.empty() ? 0 : std::accumulate(laps.begin(), laps.end(), 0.0) / static_cast<double>(laps.size());
}

/// Of one player: bars, time stuck, laps.
void add_walker(const std::string& name, const std::string& title, const std::vector<Played>& tasks,
                const Track& (*track)(const Played&), SectionResult& result) {
  const auto add = [&](const char* key, const char* words, const char* unit, auto ratio_of) {
    result.measures.push_back({name + "." + key, title + ": " + words, unit, ratio(of_tasks(tasks, ratio_of))});
  };
  const auto bars = [track](int BarsMet::*crossed, int BarsMet::*avoided) {
    return [=](const Played& played) {
      const BarsMet met = bars_met(*played.task, track(played));
      return Ratio{static_cast<double>(met.*crossed), static_cast<double>(met.*crossed + met.*avoided)};
    };
  };
  add("jumped", "low bars on its way that it jumped, not went around", "",
      bars(&BarsMet::low_crossed, &BarsMet::low_avoided));
  add("crouched", "overhead bars on its way that it crouched under, not went around", "",
      bars(&BarsMet::overhead_crossed, &BarsMet::overhead_avoided));
  add("stuck", "time in which it came nowhere", "",
      [track](const Played& played) { return Ratio{stuck_share(track(played).path, played.rate())}; });
  add("lap", "a lap without a mistake", "s", [track](const Played& played) {
    const double lap = mean_lap(track(played), played);
    return Ratio{lap, lap > 0 ? 1.0 : 0.0};
  });
}

Curves distance_curve(const std::vector<Played>& tasks) {
  Series series{"expert always seen (full)", {}, {}};
  for (double t = kBetweenDistances; t <= kWalkSeconds; t += kBetweenDistances) {
    series.x.push_back(t);
    series.y.push_back(mean(of_tasks(tasks, [t](const Played& played) {
      const auto step = static_cast<std::size_t>(steps_in(t, played.task->parameters));
      return distances(played)[step - 1];
    })));
  }
  return {"distance", "Distance to the expert", "s", "m", {{"", {std::move(series)}, {}, {}}}};
}

SectionResult measure_walking(const CardContext& context) {
  const PlayedTasks played = play_tasks(
      context.subject, context.seed, context.tasks(kWalkingTasks), [&](std::uint64_t seed, NavmeshCache& navmeshes) {
        TaskParameters parameters = card_parameters(context.subject, seed);
        set_obstacles(parameters, 1.0F);
        std::vector<World> worlds;
        worlds.push_back(make_world(parameters, seed, {fixed_presence(PresenceKind::full, 1)}, navmeshes));
        return worlds;
      });
  const auto tasks = of_tasks(played.tasks, [](const std::vector<Played>& worlds) { return worlds.front(); });
  SectionResult result{static_cast<int>(tasks.size()), played.rejected, {}, {}};
  result.headline = {"lap_ratio", "a lap of the learner (full), of the expert's in the same task", "",
                     ratio(of_tasks(tasks, [](const Played& one) {
                       const double learner = mean_lap(learner_of(one), one), expert = mean_lap(one.expert, one);
                       return learner > 0 && expert > 0 ? Ratio{learner / expert, 1} : Ratio{0, 0};
                     }))};
  const auto near = [&](auto value_of) {
    return ratio(of_tasks(tasks, [&](const Played& one) {
      Ratio sum{0, 0};
      for (const double distance : distances(one)) sum += {value_of(distance), 1};
      return sum;
    }));
  };
  result.measures = {
      {"distance", "distance to the expert", "m", near([](double distance) { return distance; })},
      {"near", "time within 5 m of it", "", near([](double distance) { return distance < kNear ? 1.0 : 0.0; })}};
  add_walker("learner", "learner", tasks, learner_of, result);
  add_walker("expert", "expert", tasks, expert_of, result);
  result.curves = {distance_curve(tasks)};
  return result;
}

}  // namespace

CardSection walking_section() {
  return {"walking", "How it walks",
          "In the complex world, with the expert always in sight: what does it do about bars, how often is it stuck, "
          "how near does it keep, and how long does a lap take?",
          0.05, measure_walking};
}

}  // namespace medal
