#include <fmt/format.h>

#include "experiments/card/numbers/estimates.h"
#include "experiments/card/numbers/order_votes.h"
#include "experiments/card/section.h"
#include "experiments/card/worlds/worlds.h"

namespace medal {
namespace {

constexpr int kFidelityTasks = 48;
constexpr int kFewestGoals = 4;
constexpr double kLeavesAt = 30, kEndsAt = 60, kFidelityBin = 5;  // s
enum FidelityLearner { kShown, kNotShown };                       // sees the expert until it leaves; never

/// Two copies of one world that differ in the order alone; each expert shows its own copy's.
std::vector<World> two_copies(const TaskParameters& parameters, std::uint64_t seed, NavmeshCache& navmeshes) {
  const auto presence = std::vector{seen_for(kLeavesAt, parameters), fixed_presence(PresenceKind::solo, 1)};
  std::vector<World> copies;
  copies.push_back(make_world(parameters, seed, presence, navmeshes));
  const Task& first = *copies.front().task;
  copies.push_back(make_world(with_order(first, contrary_order(first.order, seed)), copies.front().spec, navmeshes));
  return copies;
}

/// What one learner did in both copies of one world.
struct Copied {
  Votes all, first_lap;
  std::vector<Votes> by_time;               ///< since the expert has left
  int with_expert = 0, against_expert = 0;  ///< of those in the shown order, by the way round that the expert went last
};

void add_copy(const Played& played, const std::vector<int>& other, FidelityLearner learner, Copied& copied) {
  const std::vector<GoalEntry>& entries = played.learners[learner].entries;
  const std::vector<int>& shown = played.task->order;
  const auto votes_in = [&](const Span& span) { return count_votes(entries, played.rate(), span, shown, other); };
  const Votes votes = votes_in({kLeavesAt, kEndsAt});
  copied.all += votes;
  copied.by_time.resize(static_cast<std::size_t>((kEndsAt - kLeavesAt) / kFidelityBin));
  for (std::size_t i = 0; i < copied.by_time.size(); ++i) {
    const double begin = kLeavesAt + kFidelityBin * static_cast<double>(i);
    copied.by_time[i] += votes_in({begin, begin + kFidelityBin});
  }
  std::size_t left = shown.size();
  for (std::size_t i = 1; i < entries.size() && left > 0; ++i) {
    if (!within(entries[i], played.rate(), {kLeavesAt, kEndsAt})) continue;
    copied.first_lap += count_votes({entries[i - 1], entries[i]}, played.rate(), {kLeavesAt, kEndsAt}, shown, other);
    --left;
  }
  const int way = direction_by(played.expert.entries, played.rate(), kLeavesAt, shown);
  copied.with_expert += way > 0 ? votes.forward : way < 0 ? votes.backward : 0;
  copied.against_expert += way > 0 ? votes.backward : way < 0 ? votes.forward : 0;
}

Ratio fidelity_of(const Votes& votes) {
  return {static_cast<double>(votes.one), static_cast<double>(votes.deciding())};
}

Interval fidelity(const std::vector<Copied>& tasks) {
  return ratio(of_tasks(tasks, [](const Copied& task) { return fidelity_of(task.all); }));
}

/// [task] of all numbers of goals together, or of one.
std::vector<Copied> copied_by(const PlayedTasks& played, FidelityLearner learner, std::size_t first, std::size_t last) {
  std::vector<Copied> all;
  for (const std::vector<Played>& worlds : played.tasks) {
    Copied sum;
    for (std::size_t i = first; i < last; ++i) {
      add_copy(worlds[2 * i], worlds[2 * i + 1].task->order, learner, sum);
      add_copy(worlds[2 * i + 1], worlds[2 * i].task->order, learner, sum);
    }
    all.push_back(std::move(sum));
  }
  return all;
}

void add_votes(const std::vector<Copied>& shown, const std::vector<Copied>& not_shown, SectionResult& result) {
  const auto add = [&](const char* name, const char* title, const std::vector<Copied>& tasks, auto ratio_of) {
    result.measures.push_back({name, title, "", ratio(of_tasks(tasks, ratio_of))});
  };
  add("first_lap", "the same in the first lap alone", shown,
      [](const Copied& task) { return fidelity_of(task.first_lap); });
  add("never_shown", "the same of a learner that was shown nothing", not_shown,
      [](const Copied& task) { return fidelity_of(task.all); });
  add("direction", "of the entries in the shown order, share the way round that was shown", shown,
      [](const Copied& task) {
        return Ratio{static_cast<double>(task.with_expert),
                     static_cast<double>(task.with_expert + task.against_expert)};
      });
  add("in_shown_order", "of all entries after it left, share in the shown order", shown, [](const Copied& task) {
    return Ratio{static_cast<double>(task.all.one + task.all.both), static_cast<double>(task.all.all())};
  });
  result.measures.push_back(
      {"entries", "deciding entries after it left, of both copies", "",
       mean(of_tasks(shown, [](const Copied& task) { return static_cast<double>(task.all.deciding()); }))});
}

Series by_time(const char* title, const std::vector<Copied>& tasks) {
  Series series{title, {}, {}};
  for (std::size_t i = 0; i < tasks.front().by_time.size(); ++i) {
    series.x.push_back(kFidelityBin * (static_cast<double>(i) + 0.5));
    series.y.push_back(ratio(of_tasks(tasks, [i](const Copied& task) { return fidelity_of(task.by_time[i]); })));
  }
  return series;
}

SectionResult measure_fidelity(const CardContext& context) {
  const PlayedTasks played = play_tasks(context.subject, context.seed, context.tasks(kFidelityTasks),
                                        [&](std::uint64_t seed, NavmeshCache& navmeshes) {
                                          std::vector<World> worlds;
                                          for (int goals = kFewestGoals; goals <= kMaximumGoals; ++goals) {
                                            TaskParameters parameters = card_parameters(context.subject, seed);
                                            parameters.goals = goals;
                                            for (World& world : two_copies(parameters, seed, navmeshes))
                                              worlds.push_back(std::move(world));
                                          }
                                          return worlds;
                                        });
  constexpr std::size_t kCounts = kMaximumGoals - kFewestGoals + 1;
  const std::vector<Copied> shown = copied_by(played, kShown, 0, kCounts);
  const std::vector<Copied> not_shown = copied_by(played, kNotShown, 0, kCounts);
  SectionResult result{static_cast<int>(played.tasks.size()), played.rejected, {}, {}};
  result.headline = {"fidelity", "share of the deciding entries that follow the shown order (chance 0.5)", "",
                     fidelity(shown)};
  add_votes(shown, not_shown, result);
  Series by_goals{"was shown an order", {}, {}}, by_goals_alone{"was shown nothing", {}, {}};
  for (std::size_t i = 0; i < kCounts; ++i) {
    by_goals.x.push_back(static_cast<double>(i) + kFewestGoals);
    by_goals.y.push_back(fidelity(copied_by(played, kShown, i, i + 1)));
    by_goals_alone.y.push_back(fidelity(copied_by(played, kNotShown, i, i + 1)));
  }
  by_goals_alone.x = by_goals.x;
  const std::vector<Mark> levels = {{0.5, "chance"}};
  result.curves = {
      {"by_goals", "By the number of goals", "goals", "fidelity", {{"", {by_goals, by_goals_alone}, {}, levels}}},
      {"by_time",
       "Since the expert has left",
       "s since it left",
       "fidelity",
       {{"", {by_time("was shown an order", shown), by_time("was shown nothing", not_shown)}, {}, levels}}}};
  return result;
}

}  // namespace

CardSection fidelity_section() {
  return {"fidelity", "Fidelity",
          "Two copies of one world, alike but for the order of the goals; each copy is shown its own for 30 s. Of what "
          "it enters afterwards, which order does it follow? Whatever does not depend on the demonstration has 0.5.",
          0.1, measure_fidelity};
}

}  // namespace medal
