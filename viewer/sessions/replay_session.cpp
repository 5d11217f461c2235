#include "viewer/sessions/replay_session.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "sim/base/error.h"
#include "viewer/sessions/game.h"

namespace medal {
namespace {

Cast cast_of(const Replay& replay) {
  const ExpertKind kind = replay.spec.parameters.expert;
  Cast cast{{replay.expert_player.empty() ? std::string(name_of(kind)) : replay.expert_player},
            {kind != ExpertKind::absent},
            -1,
            true};
  for (std::size_t k = 0; k < replay.spec.presence.size(); ++k) {
    const std::string name = replay.learner_players.empty() ? "learner" : replay.learner_players[k];
    const bool several = replay.spec.presence.size() > 1;
    cast.names.push_back(several ? fmt::format("{}, {}", name, name_of(replay.spec.presence[k].kind)) : name);
    cast.present.push_back(name != kNobody);
  }
  return cast;
}

}  // namespace

ReplaySession::ReplaySession(Replay replay, std::shared_ptr<const LoadedAgent> agent)
    : replay_(std::move(replay)), pacing_(static_cast<double>(replay_.spec.parameters.control_rate)) {
  std::vector<AgentMind> minds;
  if (agent)
    for (std::size_t k = 0; k < replay_.spec.presence.size(); ++k) minds.emplace_back(agent, k, false);
  const LidarOptions lidar = lidar_of(agent);
  first_difference_ = play_again(replay_, lidar, [&](const Episode& episode) {
    if (!timeline_) {
      const auto task = std::make_shared<const Task>(episode.task());
      timeline_.emplace(task);
      views_.emplace(task, cast_of(replay_), lidar);
    }
    timeline_->add(episode);
    for (std::size_t k = 0; k < minds.size(); ++k) minds[k].act(episode, static_cast<int>(k));
  });
  for (const AgentMind& mind : minds) thoughts_.push_back(mind.thoughts());
  replay_.show_from = std::min(replay_.show_from, last_step());
  seek(first_step());
}

void ReplaySession::seek(int step) {
  step_ = std::clamp(step, first_step(), last_step());
  pacing_.restart(pacing_.control_rate());
}

void ReplaySession::seek_seconds(double seconds) {
  seek(first_step() +
       static_cast<int>(std::lround(std::clamp(seconds, 0.0, total_seconds()) * pacing_.control_rate())));
}

int ReplaySession::advance(double seconds) {
  if (finished()) return 0;
  const int steps = std::min(pacing_.advance(seconds), last_step() - step_);
  step_ += steps;
  return steps;
}

void ReplaySession::watch_learner(int learner) { watched_ = std::clamp(learner, 0, timeline_->avatars() - 2); }

SessionView ReplaySession::view() const {
  SessionView view = views_->view(*timeline_, step_, watched_);
  show_clock(view, pacing_, last_step(), finished());
  if (!thoughts_.empty())
    view.knowledge = knowledge_of(thoughts_[static_cast<std::size_t>(watched_)], step_ + 1, kHistorySteps);
  if (first_difference_ >= 0)
    view.notice = {"This does not come out as recorded",
                   fmt::format("the states part at step {}, and what follows is not shown", first_difference_),
                   fmt::format("use the program that recorded it (version {})", replay_.program_version)};
  return view;
}

ReplayComparison::ReplayComparison(ReplaySession left, ReplaySession right)
    : left_(std::move(left)),
      right_(std::move(right)),
      clock_(std::max(left_.pacing().control_rate(), right_.pacing().control_rate())) {
  place();
}

double ReplayComparison::total_seconds() const { return std::max(left_.total_seconds(), right_.total_seconds()); }

void ReplayComparison::seek_seconds(double seconds) {
  tick_ = static_cast<int>(std::lround(std::clamp(seconds, 0.0, total_seconds()) * clock_.control_rate()));
  clock_.restart(clock_.control_rate());
  place();
}

void ReplayComparison::advance(double seconds) {
  if (finished()) return;
  tick_ += clock_.advance(seconds);
  place();
}

void ReplayComparison::place() {
  for (ReplaySession* side : {&left_, &right_})
    side->seek(side->first_step() + static_cast<int>(std::floor(seconds() * side->pacing().control_rate() + 1e-6)));
}

/// Between steps of the clock, a side with as many steps moves smoothly; one that has ended stands.
SessionView ReplayComparison::shared(const ReplaySession& side) const {
  SessionView view = side.view();
  const bool same_rate = view.task->parameters.control_rate == static_cast<float>(clock_.control_rate());
  view.share = same_rate && !side.finished() ? static_cast<float>(clock_.share()) : 1.0F;
  view.paused = clock_.paused();
  view.speed = clock_.speed();
  return view;
}

}  // namespace medal
