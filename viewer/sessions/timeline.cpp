#include "viewer/sessions/timeline.h"

#include "sim/base/error.h"

namespace medal {

void Timeline::add(const Episode& episode) {
  MEDAL_CHECK(episode.step_count() == static_cast<int>(moments_.size()), "every step is added once");
  std::vector<AvatarMoment> moment;
  moment.push_back({episode.expert_avatar(), episode.expert_score(), false});
  for (int k = 0; k < episode.learners(); ++k)
    moment.push_back({episode.learner_avatar(k), episode.learner_score(k), episode.expert_visible(k)});
  for (std::size_t i = 0; i < moment.size(); ++i) {
    const GoalHistory before = moments_.empty() ? GoalHistory{} : moments_.back()[i].score.history;
    std::vector<GoalEntry> entries;
    add_goal_entries(*task_, moment[i].state, before, moment[i].score.history, episode.step_count(), entries);
    for (const GoalEntry& entry : entries) entries_.push_back({static_cast<int>(i), entry});
  }
  moments_.push_back(std::move(moment));
}

void Timeline::update_visibility(const Episode& episode) {
  for (int k = 0; k < episode.learners(); ++k)
    moments_.back()[static_cast<std::size_t>(k) + 1].sees_expert = episode.expert_visible(k);
}

}  // namespace medal
