#include "experiments/plots/episode_paths.h"

#include <algorithm>
#include <cmath>
#include <string>
#include <vector>

#include "agents/recordings/goal_entries.h"
#include "sim/base/error.h"
#include "sim/rewards/reward_rule.h"
#include "sim/task/footprint.h"

namespace medal {
namespace {

using Json = nlohmann::ordered_json;

Json heights_of(const Terrain& terrain) {
  Json rows = Json::array();
  for (int j = 0; j <= terrain.cells; ++j) {
    Json row = Json::array();
    for (int i = 0; i <= terrain.cells; ++i) row.push_back(terrain.corner(i, j));
    rows.push_back(std::move(row));
  }
  return rows;
}

Json describe_task(const Task& task) {
  Json obstacles = Json::array(), goals = Json::array();
  for (const Obstacle& obstacle : task.obstacles) {
    Json corners = Json::array();
    for (const Vec2& corner : Footprint(obstacle).corners()) corners.push_back({corner.x(), corner.y()});
    obstacles.push_back({{"kind", name_of(obstacle.kind)}, {"corners", std::move(corners)}});
  }
  for (std::size_t g = 0; g < task.goals.size(); ++g) {
    const Goal& goal = task.goals[g];
    const auto place = std::find(task.order.begin(), task.order.end(), static_cast<int>(g)) - task.order.begin();
    goals.push_back({{"x", goal.center.x()},
                     {"y", goal.center.y()},
                     {"radius", goal.radius},
                     {"colour", {goal.colour.x(), goal.colour.y(), goal.colour.z()}},
                     {"place", place}});
  }
  return {{"arena_size", task.terrain.size()},
          {"heights", heights_of(task.terrain)},
          {"obstacles", std::move(obstacles)},
          {"goals", std::move(goals)},
          {"cyclic", reward_rule(task.parameters.reward_rule).cyclic}};
}

/// One avatar's lists over time.
class Path {
 public:
  void add(const Task& task, const AvatarState& avatar, const PlayerScore& score, int step) {
    x_.push_back(avatar.feet.x());
    y_.push_back(avatar.feet.y());
    score_.push_back(score.unit_penalty_score);
    add_entries(task, avatar, score.history, step);
  }
  void write_to(Json& out) {
    out["x"] = std::move(x_);
    out["y"] = std::move(y_);
    out["score"] = std::move(score_);
    out["entries"] = std::move(entries_);
  }

 private:
  void add_entries(const Task& task, const AvatarState& avatar, const GoalHistory& now, int step) {
    std::vector<GoalEntry> entries;
    add_goal_entries(task, avatar, before_, now, step, entries);
    for (const GoalEntry& entry : entries)
      entries_.push_back({{"step", entry.step}, {"goal", entry.goal}, {"reward", entry.reward}});
    before_ = now;
  }

  Json x_ = Json::array(), y_ = Json::array(), score_ = Json::array(), entries_ = Json::array();
  GoalHistory before_;
};

}  // namespace

Json episode_paths(const Replay& replay) {
  const EpisodeSpec& spec = replay.spec;
  Json task;
  Path expert;
  std::vector<Path> learners(spec.presence.size());
  std::vector<Json> visible(learners.size(), Json::array());
  const int difference = play_again(replay, [&](const Episode& episode) {
    const int step = episode.step_count();
    if (step == 0) task = describe_task(episode.task());
    expert.add(episode.task(), episode.expert_avatar(), episode.expert_score(), step);
    for (int k = 0; k < episode.learners(); ++k) {
      const auto index = static_cast<std::size_t>(k);
      learners[index].add(episode.task(), episode.learner_avatar(k), episode.learner_score(k), step);
      visible[index].push_back(episode.expert_visible(k) ? 1 : 0);
    }
  });
  if (difference >= 0)
    throw UserError("the replay does not come out as recorded: it differs at step " + std::to_string(difference) +
                    "; use the program that recorded it (version " + replay.program_version + ")");

  Json result = {{"title", replay.title}, {"control_rate", spec.parameters.control_rate}, {"task", std::move(task)}};
  result["expert"] = {{"kind", name_of(spec.parameters.expert)}};
  expert.write_to(result["expert"]);
  result["learners"] = Json::array();
  for (std::size_t k = 0; k < learners.size(); ++k) {
    Json learner = {{"presence", name_of(spec.presence[k].kind)}};
    learners[k].write_to(learner);
    learner["expert_visible"] = std::move(visible[k]);
    result["learners"].push_back(std::move(learner));
  }
  return result;
}

}  // namespace medal
