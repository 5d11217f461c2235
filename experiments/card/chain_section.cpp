#include <fmt/format.h>

#include "experiments/card/numbers/estimates.h"
#include "experiments/card/section.h"
#include "experiments/card/worlds/worlds.h"

namespace medal {
namespace {

constexpr int kChainTasks = 48;
constexpr int kLinks = kMaximumLearners;
constexpr std::size_t kToldLinks[] = {1, 2, 4, 8, kLinks};  // of the others the curves tell
constexpr double kLinkSeconds = 30;                         // that a link watches, and then demonstrates
constexpr double kKnown = 0.5;  // share of the expert's score from which a link knows the order

/// When link k demonstrates what it remembers: when link k + 1 watches it. Link -1 is the expert.
Span demonstration(int link) { return {kLinkSeconds * (link + 1), kLinkSeconds * (link + 2)}; }

/// Learner k begins where learner k - 1 has been left alone, sees it for kLinkSeconds and is left alone itself; learner
/// 0 sees the expert, or nobody in a chain without a head.
World chain_world(TaskParameters parameters, std::uint64_t seed, bool headed, NavmeshCache& navmeshes) {
  parameters.episode_seconds = static_cast<float>(demonstration(kLinks - 1).end);
  std::vector<PresenceTimeline> presence;
  std::vector<LateLearner> late;
  for (int link = 0; link < kLinks; ++link) {
    const Span watched = demonstration(link - 1);
    const int begin = steps_in(watched.begin, parameters);
    PresenceTimeline seen = seen_for(watched.end, parameters);
    if (begin > 0) {
      seen.at_start = false;
      seen.toggles.insert(seen.toggles.begin(), begin);
    }
    presence.push_back(link == 0 && !headed ? fixed_presence(PresenceKind::solo, 1) : seen);
    late.push_back({begin, link});
  }
  World world = make_world(parameters, seed, std::move(presence), navmeshes);
  world.late = std::move(late);
  return world;
}

/// What one chain's links earned alone, and the expert in as long.
struct Chain {
  std::vector<double> scores;      ///< [link]
  std::vector<double> right, all;  ///< entries that paid, and all [link]
  double expert = 0;               ///< in kLinkSeconds, on average
  int known = 0;                   ///< links one after the other, from the first, that knew the order
};

Chain chain_of(const Played& played) {
  Chain chain;
  const double whole = demonstration(kLinks - 1).end;
  chain.expert = score_in(played.expert, played.rate(), {0, whole}) * kLinkSeconds / whole;
  for (int link = 0; link < kLinks; ++link) {
    const Track& track = played.learners[static_cast<std::size_t>(link)];
    chain.scores.push_back(score_in(track, played.rate(), demonstration(link)));
    double right = 0, all = 0;
    for (const GoalEntry& entry : track.entries) {
      if (!within(entry, played.rate(), demonstration(link))) continue;
      all += 1;
      right += entry.reward > 0 ? 1 : 0;
    }
    chain.right.push_back(right);
    chain.all.push_back(all);
    if (chain.known == link && chain.scores.back() >= kKnown * chain.expert) ++chain.known;
  }
  return chain;
}

Interval share_of_link(const std::vector<Chain>& chains, std::size_t link) {
  return ratio(of_tasks(chains, [link](const Chain& chain) { return Ratio{chain.scores[link], chain.expert}; }));
}

Interval right_of_link(const std::vector<Chain>& chains, std::size_t link) {
  return ratio(of_tasks(chains, [link](const Chain& chain) { return Ratio{chain.right[link], chain.all[link]}; }));
}

/// Of what a link earns, the share that the next one does, over all links but the last.
Interval retention(const std::vector<Chain>& chains) {
  return ratio(of_tasks(chains, [](const Chain& chain) {
    Ratio sums{0, 0};
    for (std::size_t link = 1; link < chain.scores.size(); ++link) sums += {chain.scores[link], chain.scores[link - 1]};
    return sums;
  }));
}

template <class Value>
Series by_link(const char* title, const std::vector<Chain>& chains, Value value) {
  Series series{title, {}, {}};
  for (std::size_t link = 0; link < kLinks; ++link) {
    series.x.push_back(static_cast<double>(link + 1));
    series.y.push_back(value(chains, link));
  }
  return series;
}

Interval known_beyond(const std::vector<Chain>& chains, std::size_t link) {
  return mean(
      of_tasks(chains, [link](const Chain& chain) { return chain.known > static_cast<int>(link) ? 1.0 : 0.0; }));
}

SectionResult measure_chain(const CardContext& context) {
  const PlayedTasks played = play_tasks(context.subject, context.seed, context.tasks(kChainTasks),
                                        [&](std::uint64_t seed, NavmeshCache& navmeshes) {
                                          const TaskParameters parameters = card_parameters(context.subject, seed);
                                          std::vector<World> worlds;
                                          for (const bool headed : {true, false})
                                            worlds.push_back(chain_world(parameters, seed, headed, navmeshes));
                                          return worlds;
                                        });
  const auto chains_of = [&](std::size_t world) {
    return of_tasks(played.tasks, [world](const std::vector<Played>& worlds) { return chain_of(worlds[world]); });
  };
  const std::vector<Chain> headed = chains_of(0), headless = chains_of(1);
  SectionResult result{static_cast<int>(played.tasks.size()), played.rejected, {}, {}};
  const auto known = [](const Chain& chain) { return static_cast<double>(chain.known); };
  result.headline = {"links", fmt::format("links in a row that know the order (at most {})", kLinks), "",
                     mean(of_tasks(headed, known))};
  result.measures = {
      {"retention", "of what a link earns alone, share that the next one does", "", retention(headed)},
      {"headless.links", "the same where nobody shows the first link anything", "", mean(of_tasks(headless, known))}};
  for (const std::size_t number : kToldLinks) {
    const std::string key = fmt::format("link_{}", number), title = fmt::format("link {}, alone: ", number);
    result.measures.push_back(
        {key + ".share", title + "share of the expert's score", "", share_of_link(headed, number - 1)});
    result.measures.push_back(
        {key + ".right", title + "share of its entries that pay", "", right_of_link(headed, number - 1)});
    result.measures.push_back({key + ".headless_share", title + "share of the expert's score, nobody at the head", "",
                               share_of_link(headless, number - 1)});
  }
  result.curves = {{"shares",
                    "What each link earns from memory",
                    "link",
                    "share of the expert's score",
                    {{"",
                      {by_link("an expert at the head", headed, share_of_link),
                       by_link("nobody at the head", headless, share_of_link)},
                      {},
                      {{kKnown, "knows the order"}}}}},
                   {"survival",
                    "Chains in which the order is alive",
                    "link",
                    "share of the tasks",
                    {{"",
                      {by_link("an expert at the head", headed, known_beyond),
                       by_link("nobody at the head", headless, known_beyond)}}}}};
  return result;
}

}  // namespace

CardSection chain_section() {
  return {"chain", "Transmission chain",
          "The first learner sees the expert for 30 s, then goes on alone, and while it does, a second one that has "
          "seen nobody yet watches it for 30 s, and so on. How many links does an order survive that each knows from "
          "memory alone? A link knows it if it earns half of what the expert does in that time.",
          0.15, measure_chain};
}

}  // namespace medal
