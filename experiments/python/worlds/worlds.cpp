#include "experiments/python/worlds/worlds.h"

#include <unistd.h>

#include <algorithm>
#include <utility>

#include "agents/experts/experts.h"
#include "agents/recordings/recorded_player.h"
#include "curriculum/presence/presence.h"
#include "experiments/runs/loaded_agent.h"
#include "sim/base/error.h"

namespace medal {
namespace {

constexpr std::uint64_t kPresenceDomain = 0x507974'686f6e01;

/// Does what it is told before each step.
class CommandedPlayer final : public Player {
 public:
  explicit CommandedPlayer(const Action& action) : action_(action) {}
  Action act(const PlayerView&) override { return action_; }

 private:
  const Action& action_;
};

Curriculum make_curriculum(const Config& config, std::uint64_t seed) {
  const int learners_per_world = config.environment.learners_per_world;
  return {
      config.curriculum, config.adr, config.task, learners_per_world, config.run.learners / learners_per_world, seed};
}

void check(const WorldsOptions& options) {
  const int learners_per_world = options.config.environment.learners_per_world;
  const auto given = static_cast<int>(options.presence.size());
  if (given != 0 && given != learners_per_world)
    throw UserError("presence names " + std::to_string(given) + " learners, but a world has " +
                    std::to_string(learners_per_world) + "; give one kind for each");
  if (options.commanded && options.config.run.learners != learners_per_world)
    throw UserError("an expert that is given its actions has one world; set worlds to 1");
  if (options.recording && options.recording->steps() == 0)
    throw UserError("the recording '" + options.recording->title + "' holds no step; record it again");
}

}  // namespace

Worlds::Worlds(WorldsOptions options)
    : options_((check(options), std::move(options))),
      owner_(::getpid()),
      seed_(static_cast<std::uint64_t>(options_.config.run.seed)),
      curriculum_(make_curriculum(options_.config, seed_)),
      navmeshes_(worlds()),
      expert_agents_(expert_agents_for(options_.config.task, options_.config)),
      lidar_(options_.config.environment.lidar) {
  const auto rows = static_cast<std::size_t>(learners()), width = static_cast<std::size_t>(observation_size());
  rows_.observations.resize(rows * width);
  if (options_.autoreset == Autoreset::same_step) rows_.final_observations.resize(rows * width);
  rows_.privileged.resize(rows * kPrivilegedSize);
  for (std::vector<float>* each : {&rows_.rewards, &rows_.episode_return, &rows_.episode_score, &rows_.expert_score})
    each->resize(rows);
  rows_.episode_length.resize(rows);
  rows_.terminated.resize(rows);
  rows_.truncated.resize(rows);
  if (options_.commanded) rows_.expert_observation.resize(width);
}

Worlds::~Worlds() { close(); }

/// The threads of a pool are not there in a forked process: waiting for them would never end.
bool Worlds::lost_its_threads() const { return options_.config.environment.threads > 1 && owner_ != ::getpid(); }

void Worlds::close() {
  if (lost_its_threads())
    static_cast<void>(environment_.release());
  else
    environment_.reset();
  options_.expert = nullptr;  // which may hold whoever holds this
}

void Worlds::check_process() const {
  if (lost_its_threads())
    throw UserError(
        "this environment was made before the process forked, and its threads stayed behind; make it in the worker, or "
        "with threads=1");
}

void Worlds::check_begun() const {
  check_process();
  if (!environment_) throw UserError("there is no episode yet: call reset() first");
  if (!whole_) throw UserError("the last step failed on the way: call reset() first");
}

EpisodeSpec Worlds::next_spec(int world, std::int64_t episode) const {
  EpisodeSpec spec = curriculum_.next(world, episode);
  const TaskParameters drawn = spec.parameters;
  if (const Replay* recording = options_.recording.get()) {
    spec.parameters = recording->spec.parameters;
    spec.seed = recording->spec.seed;
    spec.geometry_seed = recording->spec.geometry_seed;
    spec.steps = recording->steps();
  } else if (options_.presence.empty()) {
    return spec;
  }
  for (std::size_t k = 0; k < spec.presence.size(); ++k) {
    TaskParameters own = drawn;
    if (!options_.presence.empty()) own.presence = options_.presence[k];
    Random random(
        mix_seed(seed_, static_cast<std::uint64_t>(world), static_cast<std::uint64_t>(episode), kPresenceDomain), k);
    spec.presence[k] = sample_presence(own, spec.steps, random);
  }
  return spec;
}

std::unique_ptr<Player> Worlds::make_player(const Task& task, std::uint64_t seed) {
  if (options_.commanded) return std::make_unique<CommandedPlayer>(expert_action_);
  if (options_.recording) return std::make_unique<RecordedPlayer>(options_.recording->expert_actions);
  if (options_.expert) return options_.expert(task, seed);
  return make_expert(task, seed, navmeshes_, expert_agents_);
}

StepOutputs Worlds::outputs() {
  return {rows_.observations, rows_.privileged, rows_.rewards,
          rows_.terminated,   rows_.truncated,  rows_.final_observations};
}

void Worlds::begin(std::uint64_t seed) {
  seed_ = seed;
  curriculum_ = make_curriculum(options_.config, seed_);
  steps_ = resets_ = 0;
  environment_ = std::make_unique<BatchedEnvironment>(
      options_.config.environment, 0, worlds(),
      [this](int world, std::int64_t episode) { return next_spec(world, episode); },
      [this](const Task& task, std::uint64_t own_seed) { return make_player(task, own_seed); }, options_.autoreset);
}

void Worlds::reset(std::optional<std::uint64_t> seed) {
  check_process();
  whole_ = false;
  expert_action_ = {};
  if (seed || !environment_)
    begin(seed.value_or(seed_));
  else
    environment_->restart(steps_ + resets_);  // no world has played as many
  ++resets_;
  std::fill(rows_.rewards.begin(), rows_.rewards.end(), 0.0F);
  environment_->observe(outputs());
  if (options_.commanded) observe_commanded();
  whole_ = true;
}

bool Worlds::step(std::span<const Action> actions, const Action& expert_action) {
  check_begun();
  if (static_cast<int>(actions.size()) != learners())
    throw UserError(std::to_string(actions.size()) + " actions were given for " + std::to_string(learners()) +
                    " learners; give one for each");
  whole_ = false;
  expert_action_ = expert_action;
  environment_->step(actions, outputs());
  ++steps_;
  if (options_.commanded) observe_commanded();
  whole_ = true;
  curriculum_.advance(training_steps());
  const bool ended = std::find(rows_.truncated.begin(), rows_.truncated.end(), 1) != rows_.truncated.end();
  if (ended) note_results();
  return ended;
}

void Worlds::note_results() {
  const std::vector<EpisodeResult> results = environment_->take_results();
  curriculum_.record(results);
  for (const EpisodeResult& result : results) {
    const std::size_t first = static_cast<std::size_t>(result.world) * result.learners.size();
    for (std::size_t k = 0; k < result.learners.size(); ++k) {
      rows_.episode_return[first + k] = result.learners[k].reward;
      rows_.episode_score[first + k] = result.learners[k].unit_penalty_score;
      rows_.expert_score[first + k] = result.expert.unit_penalty_score;
      rows_.episode_length[first + k] = result.spec.steps;
    }
  }
}

void Worlds::observe_commanded() {
  const Episode& episode = environment_->episode(0);
  if (episode.step_count() == 0) expert_senses_ = std::make_unique<ExpertSenses>(episode.task(), lidar_);
  expert_senses_->write(episode.expert_avatar(), episode.expert_score().history, episode.expert_action(),
                        rows_.expert_observation);
  rows_.expert_reward = expert_senses_->last_reward();
}

std::int64_t Worlds::training_steps() const { return steps_ * learners(); }

void Worlds::note_following() { curriculum_.note_following(); }

const Episode& Worlds::episode(int world) const {
  check_begun();
  if (world < 0 || world >= worlds())
    throw UserError("there is no world " + std::to_string(world) + "; give 0 to " + std::to_string(worlds() - 1));
  return environment_->episode(world);
}

std::uint64_t Worlds::state_hash() const {
  check_begun();
  return environment_->state_hash();
}

}  // namespace medal
