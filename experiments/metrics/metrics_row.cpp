#include "experiments/metrics/metrics_row.h"

namespace medal {
namespace {

using nlohmann::ordered_json;

ordered_json score_json(const EpisodeStatistics& episodes) {
  ordered_json scores = {{"all", episodes.score}};
  for (std::size_t kind = 0; kind < kPresenceNames.size(); ++kind)
    if (episodes.learners_by_presence[kind] > 0)
      scores[std::string(kPresenceNames[kind])] = episodes.score_by_presence[kind];
  scores["expert"] = episodes.expert_score;
  return scores;
}

ordered_json time_json(const PhaseSeconds& phases) {
  const StageSeconds& s = phases.stages;
  return {{"simulate", phases.simulate},
          {"policy", phases.policy},
          {"learn", phases.learn},
          {"communicate", phases.communicate},
          {"other", phases.other},
          {"bot", s.bot},
          {"physics", s.physics},
          {"reward", s.reward},
          {"lidar", s.lidar},
          {"observation", s.observation},
          {"generation", s.generation}};
}

ordered_json interval_json(const Interval& interval) {
  return {{"mean", interval.mean}, {"low", interval.low}, {"high", interval.high}};
}

/// "loss/policy" is row["loss"]["policy"].
void add_numbers(ordered_json& row, const NamedNumbers& numbers) {
  for (const NamedNumbers::Item& item : numbers) row[ordered_json::json_pointer("/" + item.name)] = item.value;
}

}  // namespace

ordered_json metrics_row(const IterationReport& report) {
  ordered_json row = {{"steps", report.steps},
                      {"iteration", report.iteration},
                      {"elapsed_seconds", report.elapsed_seconds},
                      {"steps_per_second", report.steps_per_second},
                      {"episodes", report.episodes.episodes}};
  if (report.episodes.episodes > 0) {
    row["score"] = score_json(report.episodes);
    row["reward"] = report.episodes.reward;
    row["correct"] = report.episodes.correct;
    row["wrong"] = report.episodes.wrong;
  }
  add_numbers(row, report.learner.numbers);
  row["penalty"] = report.parameters.penalty;
  row["time"] = time_json(report.phases);
  for (const AdrRange& range : report.adr_ranges) row["adr"]["ranges"][range.knob] = {range.low, range.high};
  for (const auto& [name, value] : report.adr_numbers) row[ordered_json::json_pointer("/" + name)] = value;
  return row;
}

ordered_json evaluation_row(std::int64_t steps, const EvaluationResult& result) {
  return {{"steps", steps},
          {"evaluation",
           {{"ct", interval_json(result.ct)},
            {"full", interval_json(result.full)},
            {"half", interval_json(result.half)},
            {"solo", interval_json(result.solo)},
            {"expert", interval_json(result.expert)},
            {"tasks", result.tasks.size()}}}};
}

}  // namespace medal
