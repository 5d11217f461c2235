#include <fmt/format.h>

#include <algorithm>

#include "experiments/card/numbers/estimates.h"
#include "experiments/card/numbers/memory_span.h"
#include "experiments/card/section.h"
#include "experiments/card/worlds/worlds.h"

namespace medal {
namespace {

constexpr int kRecallTasks = 48;
constexpr double kLongest = 300, kRecallBin = 10;  // s
constexpr double kStays[] = {10, 20, 30};          // s that the expert is there
constexpr double kBlinkEvery = 12;                 // s from one absence's begin to the next one's
constexpr double kBlinks[] = {1, 2, 4, 8};         // s away
constexpr std::size_t kStayCount = std::size(kStays), kLongestStay = kStayCount - 1;

World long_world(TaskParameters parameters, std::uint64_t seed, NavmeshCache& navmeshes) {
  parameters.episode_seconds = kLongest;
  std::vector<PresenceTimeline> presence;
  for (const double stay : kStays) presence.push_back(seen_for(stay, parameters));
  presence.push_back(fixed_presence(PresenceKind::full, 1));
  presence.push_back(fixed_presence(PresenceKind::solo, 1));
  return make_world(parameters, seed, std::move(presence), navmeshes);
}

/// Learner 0 sees the expert always; it is away for kBlinks from the others, again and again.
World blinking_world(const TaskParameters& parameters, std::uint64_t seed, NavmeshCache& navmeshes) {
  std::vector<PresenceTimeline> presence = {fixed_presence(PresenceKind::full, 1)};
  for (const double away : kBlinks) {
    PresenceTimeline blinks{PresenceKind::full, true, {}};
    for (double t = kBlinkEvery; t < static_cast<double>(parameters.episode_seconds); t += kBlinkEvery) {
      blinks.toggles.push_back(steps_in(t - away, parameters));
      blinks.toggles.push_back(steps_in(t, parameters));
    }
    presence.push_back(blinks);
  }
  return make_world(parameters, seed, std::move(presence), navmeshes);
}

Series score_by_time(const std::string& title, const std::vector<Played>& tasks, auto track_of) {
  Series series{title, {}, {}};
  for (double t = 0; t < kLongest; t += kRecallBin) {
    series.x.push_back(t + kRecallBin / 2);
    series.y.push_back(mean(of_tasks(tasks, [&](const Played& played) {
      return score_in(track_of(played), played.rate(), {t, t + kRecallBin});
    })));
  }
  return series;
}

std::string stay_title(std::size_t i) { return fmt::format("expert there for {:g} s", kStays[i]); }

Curves recall_curves(const std::vector<Played>& tasks) {
  Panel panel{"", {}, {}};
  for (std::size_t i = 0; i < kStayCount; ++i) {
    panel.series.push_back(
        score_by_time(stay_title(i), tasks, [i](const Played& played) -> const Track& { return played.learners[i]; }));
    panel.moments.push_back({kStays[i], ""});
  }
  panel.series.push_back(score_by_time(
      "always there", tasks, [](const Played& played) -> const Track& { return played.learners[kStayCount]; }));
  panel.series.push_back(score_by_time(
      "never there", tasks, [](const Played& played) -> const Track& { return played.learners[kStayCount + 1]; }));
  panel.series.push_back(
      score_by_time("the expert itself", tasks, [](const Played& played) -> const Track& { return played.expert; }));
  return {"scores", "Score in each 10 s", "s", "score in 10 s", {std::move(panel)}};
}

Curves survival_curves(const std::vector<Played>& tasks) {
  Panel panel{"", {}, {}, {{0.5, "half is lost"}}};
  for (std::size_t i = 0; i < kStayCount; ++i) {
    const auto spans = of_tasks(tasks, [i](const Played& played) {
      return memory_span(played.learners[i], played.expert, played.rate(), {kStays[i], kLongest});
    });
    Series series{stay_title(i), {}, {}};
    for (double t = 0; t + kMemoryWindow <= kLongest - kStays[i]; t += kRecallBin) {
      series.x.push_back(t);
      series.y.push_back(mean(of_tasks(spans, [t](double span) { return span > t ? 1.0 : 0.0; })));
    }
    panel.series.push_back(std::move(series));
  }
  return {"survival", "Share of the tasks that it still knows", "s since the expert left", "share", {std::move(panel)}};
}

void add_stays(const std::vector<Played>& tasks, SectionResult& result) {
  for (std::size_t i = 0; i < kStayCount; ++i) {
    const Span alone{kStays[i], kLongest};
    const std::string key = fmt::format("stay_{:g}", kStays[i]);
    const Interval share = ratio(of_tasks(tasks, [&](const Played& played) {
      return Ratio{score_in(played.learners[i], played.rate(), alone), score_in(played.expert, played.rate(), alone)};
    }));
    if (i == kLongestStay)
      result.headline = {"share_alone", "share of the expert's score while alone until 300 s, after 30 s with it", "",
                         share};
    result.measures.push_back({key + ".share_alone", stay_title(i) + ": share of its score while alone", "", share});
    result.measures.push_back({key + ".half_lost",
                               stay_title(i) + fmt::format(": until half is lost (at most {:g})", kLongest - kStays[i]),
                               "s", median(of_tasks(tasks, [&](const Played& played) {
                                 return memory_span(played.learners[i], played.expert, played.rate(), alone);
                               }))});
  }
}

Curves add_blinks(const std::vector<Played>& tasks, SectionResult& result) {
  Series series{"share of the score without blinks", {}, {}};
  for (std::size_t i = 0; i < std::size(kBlinks); ++i) {
    const Interval share = ratio(of_tasks(tasks, [i](const Played& played) {
      return Ratio{score_of(played.learners[i + 1]), score_of(played.learners.front())};
    }));
    series.x.push_back(kBlinks[i]);
    series.y.push_back(share);
    result.measures.push_back(
        {fmt::format("blinks_{:g}.share", kBlinks[i]),
         fmt::format("expert away {:g} of every {:g} s: share of the score without", kBlinks[i], kBlinkEvery), "",
         share});
  }
  return {"blinks",
          "The expert away for a while, every 12 s",
          "s away",
          "share",
          {{"", {std::move(series)}, {}, {{1, ""}}}}};
}

SectionResult measure_recall(const CardContext& context) {
  const PlayedTasks played = play_tasks(context.subject, context.seed, context.tasks(kRecallTasks),
                                        [&](std::uint64_t seed, NavmeshCache& navmeshes) {
                                          const TaskParameters parameters = card_parameters(context.subject, seed);
                                          std::vector<World> worlds;
                                          worlds.push_back(long_world(parameters, seed, navmeshes));
                                          worlds.push_back(blinking_world(parameters, seed, navmeshes));
                                          return worlds;
                                        });
  const auto world = [&](std::size_t i) {
    return of_tasks(played.tasks, [i](const std::vector<Played>& worlds) { return worlds[i]; });
  };
  const std::vector<Played> alone = world(0);
  SectionResult result{static_cast<int>(played.tasks.size()), played.rejected, {}, {}};
  add_stays(alone, result);
  result.curves = {recall_curves(alone), survival_curves(alone)};
  result.curves.push_back(add_blinks(world(1), result));
  return result;
}

}  // namespace

CardSection recall_section() {
  return {"recall", "Recall",
          "The expert is there for 10, 20 or 30 s and then gone for good. How much of what the expert goes on to earn "
          "does it earn alone, and for how long? A task counts as known until, over 30 s, it earns less than half of "
          "what the expert does.",
          0.2, measure_recall};
}

}  // namespace medal
