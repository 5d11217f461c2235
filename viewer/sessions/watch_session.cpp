#include "viewer/sessions/watch_session.h"

#include <fmt/format.h>

#include <algorithm>

#include "curriculum/presence/conditions.h"
#include "curriculum/presence/presence.h"
#include "sim/base/error.h"
#include "sim/base/version.h"

namespace medal {
namespace {

constexpr std::uint64_t kPresenceDomain = 0x5741544348ULL;

EpisodeSpec spec_of(const WatchOptions& options) {
  EpisodeSpec spec;
  spec.parameters = options.parameters;
  spec.seed = spec.geometry_seed = options.seed;
  spec.steps = spec.parameters.episode_steps();
  if (options.presence == WatchPresence::three_conditions) {
    add_conditions(spec);
    return spec;
  }
  if (options.learners < 1 || options.learners > kMaximumLearners)
    throw UserError(fmt::format("{} learners cannot be watched; choose 1 to {}", options.learners, kMaximumLearners));
  for (int k = 0; k < options.learners; ++k) {
    Random random(mix_seed(options.seed, static_cast<std::uint64_t>(k), 0, kPresenceDomain));
    spec.presence.push_back(sample_presence(spec.parameters, spec.steps, random));
  }
  return spec;
}

std::string expert_name(const WatchOptions& options) { return std::string(name_of(options.parameters.expert)); }

/// Learners by what sets them apart.
Cast cast_of(const WatchOptions& options, const EpisodeSpec& spec) {
  Cast cast{{expert_name(options)}, {options.parameters.expert != ExpertKind::absent}, -1, true};
  for (std::size_t k = 0; k < spec.presence.size(); ++k) {
    std::string name = options.agent ? agent_card(*options.agent).name : std::string(kNobody);
    if (options.presence == WatchPresence::three_conditions)
      name += fmt::format(", {}", name_of(spec.presence[k].kind));
    else if (spec.presence.size() > 1)
      name += fmt::format(" {}", k + 1);
    cast.names.push_back(std::move(name));
    cast.present.push_back(options.agent != nullptr);
  }
  return cast;
}

}  // namespace

/// What begins anew with each task.
struct WatchSession::Play {
  explicit Play(const WatchOptions& options, const EpisodeSpec& spec)
      : game(spec, true, lidar_of(options.agent)),
        views(game.timeline().task(), cast_of(options, spec), lidar_of(options.agent)),
        actions(spec.presence.size()) {
    if (!options.agent) return;
    for (int k = 0; k < static_cast<int>(spec.presence.size()); ++k)
      minds.emplace_back(options.agent, agent_seed(options.seed, k), options.sample_actions);
  }

  void step() {
    for (std::size_t k = 0; k < minds.size(); ++k) actions[k] = minds[k].act(game.episode(), static_cast<int>(k));
    game.step(actions);
  }

  Game game;
  ViewMaker views;
  std::vector<AgentMind> minds;  ///< [learner], or none
  std::vector<Action> actions;   ///< [learner]
};

WatchSession::WatchSession(WatchOptions options)
    : options_(std::move(options)),
      play_(std::make_unique<Play>(options_, spec_of(options_))),
      pacing_(static_cast<double>(options_.parameters.control_rate)) {}

WatchSession::~WatchSession() = default;
WatchSession::WatchSession(WatchSession&&) noexcept = default;
WatchSession& WatchSession::operator=(WatchSession&&) noexcept = default;

int WatchSession::advance(double seconds) {
  if (finished()) return 0;
  const int due = pacing_.advance(seconds);
  int played = 0;
  for (; played < due && !finished(); ++played) play_->step();
  return played;
}

void WatchSession::new_task(const TaskParameters& parameters, std::uint64_t seed) {
  WatchOptions wanted = options_;
  wanted.parameters = parameters;
  wanted.seed = seed;
  auto play = std::make_unique<Play>(wanted, spec_of(wanted));
  options_ = std::move(wanted);
  play_ = std::move(play);
  pacing_.restart(static_cast<double>(parameters.control_rate));
}

void WatchSession::toggle_expert(int learner) {
  MEDAL_CHECK(learner >= 0 && learner < episode().learners());
  play_->game.set_expert_visible(learner, !episode().expert_visible(learner));
}

void WatchSession::set_sampling(bool sample) {
  options_.sample_actions = sample;
  for (AgentMind& mind : play_->minds) mind.set_sampling(sample);
}

int WatchSession::hold_cells(CellHold which) {
  if (play_->minds.empty()) return 0;
  return play_->minds[static_cast<std::size_t>(watched_)].hold(which, options_.seed);
}

void WatchSession::watch_learner(int learner) { watched_ = std::clamp(learner, 0, episode().learners() - 1); }

bool WatchSession::finished() const { return episode().finished(); }

const Episode& WatchSession::episode() const { return play_->game.episode(); }

Replay WatchSession::recording() const {
  Replay replay = play_->game.recording();
  replay.program_version = program_version();
  replay.expert_player = expert_name(options_);
  const std::string learner = options_.agent ? agent_card(*options_.agent).title : std::string(kNobody);
  replay.title = fmt::format("{}, seed {}", learner, options_.seed);
  replay.learner_players.assign(replay.spec.presence.size(), learner);
  if (options_.agent) replay.config_toml = agent_card(*options_.agent).config_toml;
  return replay;
}

SessionView WatchSession::view() const {
  SessionView view = play_->views.view(play_->game.timeline(), episode().step_count(), watched_);
  show_clock(view, pacing_, episode().spec().steps, finished());
  if (!play_->minds.empty()) {
    const auto& thoughts = play_->minds[static_cast<std::size_t>(watched_)].thoughts();
    if (!thoughts.empty()) view.knowledge = knowledge_of(thoughts, static_cast<int>(thoughts.size()), kHistorySteps);
  }
  return view;
}

}  // namespace medal
