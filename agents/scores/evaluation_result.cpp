#include "agents/scores/evaluation_result.h"

#include <nlohmann/json.hpp>

#include "curriculum/presence/conditions.h"

namespace medal {
namespace {

double mean_of(const std::vector<TaskScores>& tasks, double TaskScores::*member) {
  if (tasks.empty()) return 0.0;
  double sum = 0.0;
  for (const TaskScores& task : tasks) sum += task.*member;
  return sum / static_cast<double>(tasks.size());
}

double transmission(const std::vector<TaskScores>& tasks) {
  return cultural_transmission(mean_of(tasks, &TaskScores::full), mean_of(tasks, &TaskScores::half),
                               mean_of(tasks, &TaskScores::solo), mean_of(tasks, &TaskScores::expert));
}

nlohmann::ordered_json to_json(const Interval& interval) {
  return {{"mean", interval.mean}, {"low", interval.low}, {"high", interval.high}};
}

}  // namespace

EvaluationResult summarise(std::vector<TaskScores> tasks, int rejected, const EvaluationOptions& options) {
  EvaluationResult result;
  result.rejected = rejected;
  const auto score = [&](double TaskScores::*member) {
    return bootstrap(tasks, options.bootstrap_samples,
                     [&](const std::vector<TaskScores>& sample) { return mean_of(sample, member); });
  };
  result.ct = bootstrap(tasks, options.bootstrap_samples,
                        [](const std::vector<TaskScores>& sample) { return transmission(sample); });
  result.full = score(&TaskScores::full);
  result.half = score(&TaskScores::half);
  result.solo = score(&TaskScores::solo);
  result.expert = score(&TaskScores::expert);
  result.tasks = std::move(tasks);
  return result;
}

std::string evaluation_to_json(const EvaluationResult& result) {
  nlohmann::ordered_json tasks = nlohmann::ordered_json::array();
  for (const TaskScores& task : result.tasks)
    tasks.push_back(
        {{"seed", task.seed}, {"full", task.full}, {"half", task.half}, {"solo", task.solo}, {"expert", task.expert}});
  const nlohmann::ordered_json json = {{"tasks", result.tasks.size()},
                                       {"rejected", result.rejected},
                                       {"ct", to_json(result.ct)},
                                       {"score",
                                        {{"full", to_json(result.full)},
                                         {"half", to_json(result.half)},
                                         {"solo", to_json(result.solo)},
                                         {"expert", to_json(result.expert)}}},
                                       {"task_scores", tasks}};
  return json.dump(2) + "\n";
}

}  // namespace medal
