#include "experiments/card/numbers/estimates.h"
#include "experiments/card/numbers/order_votes.h"
#include "experiments/card/numbers/score_kinds.h"
#include "experiments/card/section.h"
#include "experiments/card/worlds/trust_worlds.h"

namespace medal {
namespace {

using TrustedWorlds = std::vector<std::vector<Played>>;  // [task][world]

constexpr int kTrustTasks = 32;
constexpr Span kWhole{-1, 60}, kDuring{-1, 30}, kAfter{30, 60};  // s; under half presence the expert leaves at 30 s
constexpr double kPoor = 0.65;  // an expert slower than this, or less reliable, is a poor teacher

double trust_score(const Played& world, const Span& span, double FourScores::*whose) {
  return four_scores_in(world, span).*whose;
}

Interval trust_score(const TrustedWorlds& tasks, std::size_t world, const Span& span, double FourScores::*whose) {
  return mean(
      of_tasks(tasks, [&](const std::vector<Played>& worlds) { return trust_score(worlds[world], span, whose); }));
}

Curves reliability_curves(const TrustedWorlds& tasks) {
  Panel panel{"", {}, {}, {{0, ""}}};
  for (const ScoreKind& kind : kScoreKinds) {
    Series series{kind.title, {}, {}};
    for (std::size_t i = 0; i < TrustWorlds::kReliabilities; ++i) {
      series.x.push_back(TrustWorlds::reliability(i));
      series.y.push_back(trust_score(tasks, TrustWorlds::noisy(i), kWhole, kind.member));
    }
    panel.series.push_back(std::move(series));
  }
  return {"reliability", "Score against the expert's reliability", "1 - expert_noise", "score", {std::move(panel)}};
}

Curves betrayal_curves(const TrustedWorlds& tasks) {
  constexpr double kBin = 10, kEnd = 60;
  Panel panel{"", {}, {{kEnd / 2, "it turns bad; half loses it"}}, {{0, ""}}};
  for (const ScoreKind& kind : kScoreKinds) {
    Series series{kind.title, {}, {}};
    for (double t = 0; t < kEnd; t += kBin) {
      series.x.push_back(t + kBin / 2);
      series.y.push_back(trust_score(tasks, TrustWorlds::turns_bad, {t, t + kBin}, kind.member));
    }
    panel.series.push_back(std::move(series));
  }
  return {"turns_bad", "An expert that turns bad at half-time", "s", "score in 10 s", {std::move(panel)}};
}

/// A row of worlds with poorer and better teachers.
struct Teachers {
  const char* name;
  std::size_t first, count;
  double (*quality)(std::size_t i);
};
const Teachers kTeachers[] = {{"slow", TrustWorlds::slow(0), std::size(TrustWorlds::kSpeeds),
                               [](std::size_t i) { return TrustWorlds::kSpeeds[i]; }},
                              {"noisy", TrustWorlds::noisy(0), TrustWorlds::kReliabilities, TrustWorlds::reliability}};

struct Half {
  const char* name;
  const char* title;
  Span span;
};
constexpr Half kHalves[] = {{"during", "while it is there", kDuring}, {"after", "when it has gone", kAfter}};

Curves teacher_curves(const TrustedWorlds& tasks) {
  Curves curves{
      "teachers", "Learner and teacher, in each half-minute", "expert_speed, or 1 - expert_noise", "score in 30 s", {}};
  for (const Teachers& teachers : kTeachers)
    for (const Half& half : kHalves) {
      Series learner{"the learner (half)", {}, {}}, teacher{"its teacher", {}, {}};
      for (std::size_t i = 0; i < teachers.count; ++i) {
        learner.x.push_back(teachers.quality(i));
        learner.y.push_back(trust_score(tasks, teachers.first + i, half.span, &FourScores::half));
        teacher.y.push_back(trust_score(tasks, teachers.first + i, half.span, &FourScores::expert));
      }
      teacher.x = learner.x;
      curves.panels.push_back({std::string(teachers.name) + ", " + half.title, {learner, teacher}, {}, {{0, ""}}});
    }
  return curves;
}

/// What the learner is ahead of poor teachers, by kind and half.
void add_lead(const TrustedWorlds& tasks, SectionResult& result) {
  for (const Teachers& teachers : kTeachers)
    for (const Half& half : kHalves)
      result.measures.push_back({std::string(teachers.name) + "." + half.name,
                                 std::string("learner minus ") + teachers.name + " teacher (below 0.65), " + half.title,
                                 "per 30 s", ratio(of_tasks(tasks, [&](const std::vector<Played>& worlds) {
                                   Ratio lead{0, 0};
                                   for (std::size_t i = 0; i < teachers.count; ++i) {
                                     const FourScores scores = four_scores_in(worlds[teachers.first + i], half.span);
                                     if (teachers.quality(i) < kPoor) lead += {scores.half - scores.expert, 1};
                                   }
                                   return lead;
                                 }))});
}

constexpr Span kAlone{2 * TrustWorlds::kShown, 2 * TrustWorlds::kShown + TrustWorlds::kAlone};

/// Which order it follows when it is alone after two that disagreed.
void add_disagreement(const TrustedWorlds& tasks, SectionResult& result) {
  const auto share_right = [&](std::size_t world, std::size_t learner) {
    return ratio(of_tasks(tasks, [world, learner](const std::vector<Played>& worlds) {
      const Played& played = worlds[world];
      const Votes votes = count_votes(played.learners[learner].entries, played.rate(), kAlone, played.task->order,
                                      wrong_order(*played.task));
      return Ratio{static_cast<double>(votes.one), static_cast<double>(votes.deciding())};
    }));
  };
  result.measures.push_back({"right_then_wrong", "shown the right order, then a wrong one: share that follow the right",
                             "", share_right(TrustWorlds::right_first, 0)});
  result.measures.push_back({"wrong_then_right", "shown a wrong order, then the right one: share that follow the right",
                             "", share_right(TrustWorlds::wrong_first, 0)});
  result.measures.push_back({"shown_nothing", "shown nothing: share that follow the right (chance 0.5)", "",
                             share_right(TrustWorlds::right_first, 1)});
}

SectionResult measure_trust(const CardContext& context) {
  const PlayedTasks played = play_tasks(
      context.subject, context.seed, context.tasks(kTrustTasks),
      [&](std::uint64_t seed, NavmeshCache& navmeshes) { return trust_worlds(context.subject, seed, navmeshes); });
  const TrustedWorlds& tasks = played.tasks;
  SectionResult result{static_cast<int>(tasks.size()), played.rejected, {}, {}};
  result.headline = {"kept", "score (half) over all reliabilities, of a perfect expert's", "",
                     ratio(of_tasks(tasks, [](const std::vector<Played>& worlds) {
                       Ratio kept{0, 0};
                       const double perfect = score_of(worlds[TrustWorlds::reliable].expert);
                       for (std::size_t i = 0; i < TrustWorlds::kReliabilities; ++i)
                         kept += {trust_score(worlds[TrustWorlds::noisy(i)], kWhole, &FourScores::half), perfect};
                       return kept;
                     }))};
  result.measures.push_back({"unreliable", "score (half) with an expert of reliability 0", "",
                             trust_score(tasks, TrustWorlds::noisy(0), kWhole, &FourScores::half)});
  result.measures.push_back(
      {"solo", "score without an expert", "", trust_score(tasks, TrustWorlds::noisy(0), kWhole, &FourScores::solo)});
  result.measures.push_back({"betrayed", "score after half-time with one that turned bad (full)", "per 30 s",
                             trust_score(tasks, TrustWorlds::turns_bad, kAfter, &FourScores::full)});
  result.measures.push_back({"betrayer", "what that expert scores itself", "per 30 s",
                             trust_score(tasks, TrustWorlds::turns_bad, kAfter, &FourScores::expert)});
  add_disagreement(tasks, result);
  add_lead(tasks, result);
  result.curves = {reliability_curves(tasks), betrayal_curves(tasks), teacher_curves(tasks)};
  return result;
}

}  // namespace

CardSection trust_section() {
  return {
      "trust", "Trust",
      "Nobody says how good an expert is. Does it earn with one that errs what it could, and does it do better than "
      "a poor teacher? The headline is 1 for somebody who is not misled by any noise and as good as a perfect "
      "expert.",
      0.2, measure_trust};
}

}  // namespace medal
