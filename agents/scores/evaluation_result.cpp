#include "agents/scores/evaluation_result.h"

#include <algorithm>
#include <map>
#include <nlohmann/json.hpp>
#include <utility>

#include "curriculum/presence/conditions.h"

namespace medal {
namespace {

double mean_of(const std::vector<TaskScores>& tasks, double FourScores::*member) {
  if (tasks.empty()) return 0.0;
  double sum = 0.0;
  for (const TaskScores& task : tasks) sum += task.*member;
  return sum / static_cast<double>(tasks.size());
}

double transmission(const std::vector<TaskScores>& tasks) {
  return cultural_transmission(mean_of(tasks, &TaskScores::full), mean_of(tasks, &TaskScores::half),
                               mean_of(tasks, &TaskScores::solo), mean_of(tasks, &TaskScores::expert));
}

double share_of_expert(const std::vector<TaskScores>& tasks, double FourScores::*member) {
  const double expert = mean_of(tasks, &TaskScores::expert);
  return expert > 0 ? mean_of(tasks, member) / expert : 0.0;
}

nlohmann::ordered_json to_json(const FourScores& scores) {
  return {{"full", scores.full}, {"half", scores.half}, {"solo", scores.solo}, {"expert", scores.expert}};
}

/// Means over the tasks that last so long.
nlohmann::ordered_json timeline_to_json(const std::vector<TaskScores>& tasks) {
  std::size_t longest = 0;
  for (const TaskScores& task : tasks) longest = std::max(longest, task.timeline.size());
  nlohmann::ordered_json points = nlohmann::ordered_json::array();
  for (std::size_t i = 0; i < longest; ++i) {
    std::vector<TaskScores> then;
    for (const TaskScores& task : tasks)
      if (i < task.timeline.size()) then.push_back({task.timeline[i], task.seed, task.goals, {}});
    points.push_back(to_json({mean_of(then, &FourScores::full), mean_of(then, &FourScores::half),
                              mean_of(then, &FourScores::solo), mean_of(then, &FourScores::expert)}));
  }
  return {{"seconds", kTimelineSeconds}, {"scores", points}};
}

nlohmann::ordered_json to_json(const Interval& interval) {
  return {{"mean", interval.mean}, {"low", interval.low}, {"high", interval.high}};
}

}  // namespace

EvaluationResult summarise(std::vector<TaskScores> tasks, int rejected, const EvaluationOptions& options) {
  EvaluationResult result;
  result.rejected = rejected;
  const auto of = [&](const std::vector<TaskScores>& some, auto statistic) {
    return bootstrap(some, options.bootstrap_samples, statistic);
  };
  const auto score = [&](double FourScores::*member) {
    return of(tasks, [member](const std::vector<TaskScores>& sample) { return mean_of(sample, member); });
  };
  const auto share = [&](const std::vector<TaskScores>& some, double FourScores::*member) {
    return of(some, [member](const std::vector<TaskScores>& sample) { return share_of_expert(sample, member); });
  };
  result.ct = of(tasks, transmission);
  result.full = score(&TaskScores::full);
  result.half = score(&TaskScores::half);
  result.solo = score(&TaskScores::solo);
  result.expert = score(&TaskScores::expert);
  result.full_share = share(tasks, &TaskScores::full);
  result.half_share = share(tasks, &TaskScores::half);
  std::map<int, std::vector<TaskScores>> groups;
  for (const TaskScores& task : tasks) groups[task.goals].push_back(task);
  for (const auto& [goals, some] : groups)
    result.by_goals.push_back(
        {goals, some.size(), of(some, transmission), share(some, &TaskScores::full), share(some, &TaskScores::half)});
  result.tasks = std::move(tasks);
  return result;
}

std::string evaluation_to_json(const EvaluationResult& result) {
  nlohmann::ordered_json tasks = nlohmann::ordered_json::array();
  for (const TaskScores& task : result.tasks) {
    nlohmann::ordered_json one = {{"seed", std::to_string(task.seed)}, {"goals", task.goals}};
    one.update(to_json(static_cast<const FourScores&>(task)));
    tasks.push_back(std::move(one));
  }
  nlohmann::ordered_json groups = nlohmann::ordered_json::array();
  for (const EvaluationResult::Group& group : result.by_goals)
    groups.push_back({{"goals", group.goals},
                      {"tasks", group.tasks},
                      {"share", {{"full", to_json(group.full_share)}, {"half", to_json(group.half_share)}}},
                      {"ct", to_json(group.ct)}});
  const nlohmann::ordered_json json = {
      {"tasks", result.tasks.size()},
      {"rejected", result.rejected},
      {"ct", to_json(result.ct)},
      {"share", {{"full", to_json(result.full_share)}, {"half", to_json(result.half_share)}}},
      {"score",
       {{"full", to_json(result.full)},
        {"half", to_json(result.half)},
        {"solo", to_json(result.solo)},
        {"expert", to_json(result.expert)}}},
      {"by_goals", groups},
      {"timeline", timeline_to_json(result.tasks)},
      {"task_scores", tasks}};
  return json.dump(2) + "\n";
}

}  // namespace medal
