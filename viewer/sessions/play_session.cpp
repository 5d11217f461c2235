#include "viewer/sessions/play_session.h"

#include <fmt/format.h>

#include <cstdio>

#include "curriculum/presence/presence.h"
#include "sim/base/error.h"
#include "sim/base/version.h"

namespace medal {
namespace {

constexpr std::uint64_t kPresenceDomain = 0x504C4159ULL;
constexpr const char* kPerson = "person";

PlayOptions checked(PlayOptions options) {
  if (options.person == PersonRole::expert && options.other == OtherSide::expert_bot)
    throw UserError("an expert bot cannot learn from a person; play the learner, or choose agent or nobody beside you");
  if (options.person == PersonRole::learner && options.other == OtherSide::agent)
    throw UserError("an agent cannot be the expert of a person; play the expert, or choose expert bot or nobody");
  if (options.other == OtherSide::agent && !options.agent)
    throw UserError("no agent was given to play with; name a run, a checkpoint or a folder of agents/pretrained");
  ExpertKind& expert = options.parameters.expert;
  if (options.other == OtherSide::nobody && options.person == PersonRole::learner) expert = ExpertKind::absent;
  // An absent expert is never seen, but somebody is there in all other cases.
  else if (expert == ExpertKind::absent)
    expert = ExpertKind::perfect;
  return options;
}

/// One learner: where nobody plays it, it stands still.
EpisodeSpec spec_of(const PlayOptions& options) {
  EpisodeSpec spec;
  spec.parameters = options.parameters;
  spec.seed = spec.geometry_seed = options.seed;
  spec.steps = spec.parameters.episode_steps();
  Random random(mix_seed(options.seed, kPresenceDomain));
  spec.presence.push_back(options.person == PersonRole::expert ? fixed_presence(PresenceKind::full, spec.steps)
                                                               : sample_presence(spec.parameters, spec.steps, random));
  return spec;
}

std::string other_name(const PlayOptions& options) {
  switch (options.other) {
    case OtherSide::agent:
      return agent_card(*options.agent).title;
    case OtherSide::expert_bot:
      return std::string(name_of(options.parameters.expert));
    case OtherSide::nobody:
      break;
  }
  return kNobody;
}

Cast cast_of(const PlayOptions& options) {
  const bool expert = options.person == PersonRole::expert, other = options.other != OtherSide::nobody;
  const std::string name = other_name(options);
  return {expert ? std::vector<std::string>{"you", name} : std::vector<std::string>{name, "you"},
          expert ? std::vector<bool>{true, other} : std::vector<bool>{other, true}, expert ? 0 : 1, expert};
}

}  // namespace

PlaySession::PlaySession(PlayOptions options)
    : options_(checked(std::move(options))),
      game_(spec_of(options_), options_.person == PersonRole::learner && options_.other == OtherSide::expert_bot,
            lidar_of(options_.agent)),
      pacing_(static_cast<double>(options_.parameters.control_rate)),
      views_(game_.timeline().task(), cast_of(options_), lidar_of(options_.agent)) {
  if (options_.other == OtherSide::agent)
    mind_.emplace(options_.agent, agent_seed(options_.seed, 0), options_.sample_actions);
}

PlaySession::~PlaySession() {
  try {
    finish();
  } catch (const std::exception& error) {
    std::fprintf(stderr, "medal: the game is lost: %s\n", error.what());
  }
}

int PlaySession::advance(double seconds, const Person& person) {
  if (finished()) return 0;
  const int due = pacing_.advance(seconds);
  int played = 0;
  for (; played < due && !finished(); ++played) step(person(game_.episode().step_count()));
  if (finished()) finish();
  return played;
}

void PlaySession::step(const Action& person) {
  if (options_.person == PersonRole::learner) {
    game_.step(std::span(&person, 1));
    return;
  }
  const Action learner = mind_ ? mind_->act(game_.episode(), 0) : Action{};
  game_.step(person, std::span(&learner, 1));
}

void PlaySession::toggle_expert() {
  if (!finished()) game_.set_expert_visible(0, !game_.episode().expert_visible(0));
}

void PlaySession::finish() {
  ended_ = true;
  if (!recording_file_.empty() || game_.recording().steps() == 0) return;
  const std::string stem =
      fmt::format("{}-seed{}", options_.person == PersonRole::expert ? "expert" : "learner", options_.seed);
  recording_file_ = save_recording(options_.recordings, stem, recording());
}

Replay PlaySession::recording() const {
  Replay replay = game_.recording();
  const bool expert = options_.person == PersonRole::expert;
  const std::string other = other_name(options_);
  replay.program_version = program_version();
  replay.title = fmt::format("a person as the {}, seed {}", expert ? "expert" : "learner", options_.seed);
  if (options_.other == OtherSide::agent) replay.config_toml = agent_card(*options_.agent).config_toml;
  replay.expert_player = expert ? kPerson : other;
  replay.learner_players = {expert ? other : kPerson};
  return replay;
}

SessionView PlaySession::view() const {
  const int step = game_.episode().step_count();
  SessionView view = views_.view(game_.timeline(), step, 0);
  show_clock(view, pacing_, game_.episode().spec().steps, finished());
  if (finished()) view.halves = halves_of(game_.timeline(), 0);
  if (mind_ && !mind_->thoughts().empty())
    view.knowledge = knowledge_of(mind_->thoughts(), static_cast<int>(mind_->thoughts().size()), kHistorySteps);
  if (!recording_file_.empty()) view.notice = {"recorded to " + recording_file_.string()};
  return view;
}

}  // namespace medal
