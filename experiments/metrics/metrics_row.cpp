#include "experiments/metrics/metrics_row.h"

namespace medal {
namespace {

using nlohmann::ordered_json;

/// "loss/policy" is "policy" within "loss".
void put(ordered_json& row, const NamedNumbers& numbers) {
  for (const auto& [name, value] : numbers) row[ordered_json::json_pointer("/" + name)] = value;
}

ordered_json interval_json(const Interval& interval) {
  return {{"mean", interval.mean}, {"low", interval.low}, {"high", interval.high}};
}

}  // namespace

ordered_json metrics_row(const IterationResult& result) {
  ordered_json row = {{"steps", result.steps},
                      {"iteration", result.iteration},
                      {"elapsed_seconds", result.elapsed_seconds},
                      {"steps_per_second", result.steps_per_second},
                      {"episodes", result.episodes}};
  put(row, result.episode_means.means());
  put(row, result.numbers);
  put(row, result.phases.named());
  for (const AdrRange& range : result.adr_ranges) row["adr"]["ranges"][range.knob] = {range.low, range.high};
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
