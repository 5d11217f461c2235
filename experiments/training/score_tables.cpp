#include "experiments/training/score_tables.h"

#include <fmt/format.h>

namespace medal {
namespace {

std::string score_table(const std::string& title, const EvaluationResult& result) {
  std::string text = fmt::format("\n  {:<54}{:>6}   95 % interval\n", title, "mean");
  const auto row = [&](const std::string& name, const Interval& interval, int digits) {
    text += fmt::format("  {:<54}{:>6.{}f}   {:.{}f} .. {:.{}f}\n", name, interval.mean, digits, interval.low, digits,
                        interval.high, digits);
  };
  row("full / E: share of the expert's score while it is seen", result.full_share, 3);
  row("half / E: the same if the expert leaves on the way", result.half_share, 3);
  row("CT, cultural transmission", result.ct, 3);
  row("score, expert seen always (full)", result.full, 2);
  row("score, expert seen until it leaves (half)", result.half, 2);
  row("score, expert never seen (solo)", result.solo, 2);
  row("expert's score (E)", result.expert, 2);
  if (result.by_goals.size() > 1)
    for (const EvaluationResult::Group& group : result.by_goals) {
      const std::string goals = fmt::format("{} goals ({} tasks): ", group.goals, group.tasks);
      row(goals + "full / E", group.full_share, 3);
      row(goals + "half / E", group.half_share, 3);
      row(goals + "CT", group.ct, 3);
    }
  return text;
}

}  // namespace

std::string evaluation_table(const EvaluationResult& result) {
  return score_table(
      fmt::format("On {} held-out tasks ({} rejected), at penalty 1", result.tasks.size(), result.rejected), result);
}

std::string probe_table(const ProbeResult& result) {
  std::string text;
  for (const ProbeResult::Part& part : result.parts)
    text += fmt::format("\n{}{}\n", part.name, part.title.empty() ? "" : ": " + part.title) +
            score_table(fmt::format("{} repetitions, at penalty 1", result.repeats), part.result);
  if (result.parts.size() > 1)
    text +=
        "\nall\n" + score_table(fmt::format("On {} demonstrations, at penalty 1", result.parts.size()), result.total);
  return text;
}

std::string probe_ranking_table(const std::vector<ProbedAgent>& agents) {
  const ProbeRanking ranking = rank_probes(agents);
  const auto& parts = agents.front().result.parts;
  std::string text = fmt::format("\n  {:<54}{:>6}   95 % interval      full / E     CT\n",
                                 fmt::format("Who learns: half / E on {} demonstrations", parts.size()), "mean");
  for (const std::size_t i : ranking.agents) {
    const EvaluationResult& total = agents[i].result.total;
    text += fmt::format("  {:<54}{:>6.3f}   {:>5.3f} .. {:>5.3f}      {:>8.3f} {:>6.3f}\n", agents[i].name,
                        total.half_share.mean, total.half_share.low, total.half_share.high, total.full_share.mean,
                        total.ct.mean);
  }
  text += fmt::format("\n  {:<54}{:>6}  {:>6}", "Who teaches: half / E, over all agents and of each", "all", "E");
  for (const std::size_t i : ranking.agents) text += fmt::format("  {:>12}", agents[i].name);
  for (const std::size_t part : ranking.demonstrations) {
    text += fmt::format("\n  {:<54}{:>6.3f}  {:>6.0f}", parts[part].name, taught_share(agents, part),
                        parts[part].result.expert.mean);
    for (const std::size_t i : ranking.agents)
      text += fmt::format("  {:>12.3f}", agents[i].result.parts[part].result.half_share.mean);
  }
  return text + "\n";
}

}  // namespace medal
