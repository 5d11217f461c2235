#include "agents/training/trainer.h"

#include <ATen/ops/tensor.h>
#include <xxhash.h>

#include <chrono>
#include <nlohmann/json.hpp>

#include "agents/checkpoint/rank_state.h"
#include "agents/device/rounded_products.h"
#include "agents/experts/experts.h"
#include "agents/learner/learner.h"
#include "agents/training/blind_learners.h"
#include "agents/training/collector.h"
#include "agents/training/episode_metrics.h"
#include "agents/training/result_exchange.h"
#include "agents/training/training_setup.h"
#include "curriculum/episode_tag.h"
#include "sim/base/error.h"
#include "sim/base/stopwatch.h"

namespace medal {
namespace {

using Clock = std::chrono::steady_clock;

void copy_parameters(const Parameters& from, const Parameters& to) {
  at::NoGradGuard no_gradient;
  for (std::size_t i = 0; i < from.size(); ++i) at::Tensor(to[i].value).copy_(from[i].value);
}

}  // namespace

struct Trainer::Implementation {
  Implementation(const TrainingConfig& run_config, Communicator& run_communicator, const Checkpoint* initial_agent,
                 ExpertFactory its_expert_agents)
      : config(run_config),
        communicator(run_communicator),
        learners(config.run.learners / communicator.size()),
        curriculum(config.curriculum, config.adr, config.task, config.environment.learners_per_world,
                   config.run.learners / config.environment.learners_per_world,
                   static_cast<std::uint64_t>(config.run.seed)),
        navmeshes(worlds_of(config, communicator.size())),
        expert_agents(std::move(its_expert_agents)),
        environment(
            environment_of(config, communicator.size()), communicator.rank() * worlds_of(config, communicator.size()),
            worlds_of(config, communicator.size()),
            [this](int world, std::int64_t episode) { return curriculum.next(world, episode); },
            [this](const Task& task, std::uint64_t seed) { return make_expert(task, seed, navmeshes, expert_agents); },
            Autoreset::same_step, groups_of(config, communicator.size())),
        network(make_network(config, communicator.rank() == 0 ? initial_agent : nullptr)),
        learner(config.learner, network, communicator),  // gives all ranks the first one's parameters
        actor(config.run.overlap ? make_network(config, nullptr) : nullptr),
        collector(actor ? *actor : *network, environment, config.learner.unroll,
                  static_cast<std::uint64_t>(config.run.seed), communicator.rank() * learners),
        blind(config.learner) {
    rollouts.push_back(collector.make_rollout());
    if (config.run.overlap) rollouts.push_back(collector.make_rollout());
  }

  void take_counters(const std::string& counters_json);
  /// Takes up the checkpoint's live episodes again; returns why it could not.
  std::optional<std::string> restore_episodes(const Checkpoint& checkpoint);
  at::Tensor allowed_to_read() const;
  void collect(RolloutBuffer& rollout, std::int64_t unroll_index, PhaseSeconds& phases);
  void begin_learning(RolloutBuffer& rollout);
  LearnerStatistics learn_then_collect(PhaseSeconds& phases);
  FinishedEpisodes exchange_episodes();
  void add_curriculum(IterationResult& result) const;
  CheckpointHeader header(const std::string& config_toml, const std::string& program_version, double elapsed) const;

  TrainingConfig config;
  Communicator& communicator;
  int learners;  ///< of this rank
  Curriculum curriculum;
  NavmeshCache navmeshes;
  ExpertFactory expert_agents;
  BatchedEnvironment environment;
  std::shared_ptr<Network> network;
  Learner learner;
  std::shared_ptr<Network> actor;  ///< with run.overlap the policy of before the update, else null
  Collector collector;
  std::vector<RolloutBuffer> rollouts;  ///< one, or with run.overlap two in turn
  bool collected = false;               ///< with run.overlap, whether there is an unroll to learn from
  BlindLearners blind;
  std::int64_t steps = 0, iteration = 0;
  bool finite = true;
  Clock::time_point sitting = Clock::now();
  double sitting_offset = 0;
};

void Trainer::Implementation::take_counters(const std::string& counters_json) try {
  const auto counters = nlohmann::json::parse(counters_json);
  steps = counters.at("steps").get<std::int64_t>();
  iteration = counters.at("iteration").get<std::int64_t>();
  sitting_offset = counters.at("elapsed").get<double>();
  sitting = Clock::now();
  if (counters.contains("blind_learners")) blind.from_json(counters.at("blind_learners"));
} catch (const nlohmann::json::exception&) {
  throw UserError("the checkpoint's counters are damaged; resume from an older one");
}

std::optional<std::string> Trainer::Implementation::restore_episodes(const Checkpoint& checkpoint) {
  const int ranks = checkpoint.rank_count();
  if (!checkpoint.has_live_state()) return "its ranks lost each other before they could save them";
  if (ranks != communicator.size())
    return "they were played on " + std::to_string(ranks) + (ranks == 1 ? " rank" : " ranks") + ", not on " +
           std::to_string(communicator.size());
  const RankState state = checkpoint.rank_state(communicator.rank());
  if (state.memory.sizes() != collector.memory().sizes())
    return std::to_string(state.memory.size(0)) + " learners played them on each rank, not " + std::to_string(learners);
  try {
    environment.restore(state.worlds);
  } catch (const std::runtime_error& error) {
    return first_line(error);
  }
  collector.go_on_from(state.memory, state.starts);
  return std::nullopt;
}

/// [learners]: those who are blind now may not read, all others may. Undefined where nobody ever is blind.
at::Tensor Trainer::Implementation::allowed_to_read() const {
  if (config.learner.blind_share <= 0) return {};
  at::Tensor allowed = at::empty({learners});
  for (int i = 0; i < learners; ++i)
    allowed.data_ptr<float>()[i] = blind.is_blind(std::int64_t{communicator.rank()} * learners + i) ? 0.0F : 1.0F;
  return allowed;
}

void Trainer::Implementation::collect(RolloutBuffer& rollout, std::int64_t unroll_index, PhaseSeconds& phases) {
  const PrecisionScope precision(precision_of(config.learner));
  const RoundedProducts rounded(config.learner.bf16 && !network->device().is_cpu());
  collector.collect(rollout, unroll_index, allowed_to_read(), phases);
}

void Trainer::Implementation::begin_learning(RolloutBuffer& rollout) {
  learner.queue().follow_present();
  {
    const DeviceQueue::Scope scope(learner.queue());
    compute_advantages(rollout, config.learner.discount, config.learner.gae_lambda);
  }
  const double progress = static_cast<double>(steps) / static_cast<double>(scheduled_steps(config.run));
  learner.begin_update(rollout, static_cast<std::uint64_t>(config.run.seed), iteration, std::min(1.0, progress));
}

/// While the device learns from one unroll the next is played, by the policy of before the update.
LearnerStatistics Trainer::Implementation::learn_then_collect(PhaseSeconds& phases) {
  const auto now = static_cast<std::size_t>(iteration % 2);
  copy_parameters(network->parameters(), actor->parameters());
  if (!collected) collect(rollouts[now], iteration, phases);
  collected = true;
  Stopwatch watch;
  begin_learning(rollouts[now]);
  watch.lap(phases.learn);
  collect(rollouts[1 - now], iteration + 1, phases);
  Stopwatch rest;
  const LearnerStatistics statistics = learner.finish_update();
  rest.lap(phases.learn);
  return statistics;
}

/// All ranks' finished episodes, in the order of (world, episode).
FinishedEpisodes Trainer::Implementation::exchange_episodes() {
  FinishedEpisodes episodes;
  episodes.results = environment.take_results();
  episodes.metrics = episode_metrics(episodes.results);
  return communicator.size() == 1 ? episodes : merge_episodes(communicator.all_gather(pack_episodes(episodes)));
}

void Trainer::Implementation::add_curriculum(IterationResult& result) const {
  result.numbers["penalty"] = curriculum.penalty();
  result.adr_ranges = curriculum.adr().ranges();
  result.numbers.add(curriculum.adr().numbers());
}

Trainer::Trainer(const TrainingConfig& config, Communicator& communicator, const Checkpoint* initial_agent,
                 ExpertFactory expert_agents) {
  check_trainable(config, communicator.size());
  implementation_ = std::make_unique<Implementation>(config, communicator, initial_agent, std::move(expert_agents));
}
Trainer::~Trainer() = default;

IterationResult Trainer::iterate() {
  Implementation& self = *implementation_;
  const Clock::time_point begin = Clock::now();
  IterationResult result;

  LearnerStatistics statistics;
  if (self.actor) {
    statistics = self.learn_then_collect(result.phases);
  } else {
    self.collect(self.rollouts[0], self.iteration, result.phases);
    Stopwatch watch;
    self.begin_learning(self.rollouts[0]);
    statistics = self.learner.finish_update();
    watch.lap(result.phases.learn);
  }
  result.numbers = statistics.numbers;
  result.finite = self.finite = statistics.finite;

  Stopwatch watch;
  self.steps += static_cast<std::int64_t>(self.config.run.learners) * self.config.learner.unroll;
  ++self.iteration;
  self.curriculum.advance(self.steps);
  const FinishedEpisodes episodes = self.exchange_episodes();
  watch.lap(result.phases.communicate);
  self.curriculum.record(episodes.results);
  if (self.config.learner.blind_share > 0) result.numbers["following_blind"] = self.blind.following();
  self.blind.record(episodes.results);
  if (self.blind.followed()) self.curriculum.note_following();

  result.iteration = self.iteration;
  result.steps = self.steps;
  result.episodes = std::count_if(episodes.results.begin(), episodes.results.end(),
                                  [](const EpisodeResult& result) { return unpack_tag(result.spec.tag).counts; });
  result.episode_means = episodes.metrics;
  result.elapsed_seconds = elapsed_seconds();
  const double seconds = std::chrono::duration<double>(Clock::now() - begin).count();
  result.steps_per_second = self.config.run.learners * self.config.learner.unroll / seconds;
  self.add_curriculum(result);
  watch.lap(result.phases.other);
  return result;
}

StopReason Trainer::should_stop(bool interrupted) {
  Implementation& self = *implementation_;
  StopReason reason = StopReason::none;
  if (self.steps >= self.config.run.steps) reason = StopReason::steps;
  const double sitting_minutes = std::chrono::duration<double>(Clock::now() - self.sitting).count() / 60.0;
  if (self.config.run.minutes > 0 && sitting_minutes >= self.config.run.minutes) reason = StopReason::minutes;
  if (interrupted) reason = StopReason::signal;
  if (!self.finite) reason = StopReason::not_finite;
  at::Tensor agreed = at::tensor({static_cast<std::int64_t>(reason)});
  self.communicator.all_reduce_max(agreed);
  return static_cast<StopReason>(agreed.item<std::int64_t>());
}

void Trainer::save(const std::filesystem::path& file, const std::string& config_toml,
                   const std::string& program_version) {
  Implementation& self = *implementation_;
  const RankState state{self.collector.memory().to(at::kCPU), self.collector.starts().clone(), self.environment.save()};
  const std::vector<std::string> states = self.communicator.all_gather(pack_rank_state(state));
  if (self.communicator.rank() != 0) return;
  save_checkpoint(file, self.header(config_toml, program_version, elapsed_seconds()), *self.network,
                  self.learner.optimizer(), states);
}

void Trainer::save_without_episodes(const std::filesystem::path& file, const std::string& config_toml,
                                    const std::string& program_version) {
  Implementation& self = *implementation_;
  save_checkpoint(file, self.header(config_toml, program_version, elapsed_seconds()), *self.network,
                  self.learner.optimizer(), {});
}

CheckpointHeader Trainer::Implementation::header(const std::string& config_toml, const std::string& program_version,
                                                 double elapsed) const {
  CheckpointHeader header;
  header.config_toml = config_toml;
  header.program_version = program_version;
  header.curriculum_json = curriculum.to_json();
  header.counters_json = nlohmann::json{
      {"steps", steps},
      {"iteration", iteration},
      {"elapsed", elapsed},
      {"blind_learners",
       blind.to_json()}}.dump();
  header.observation = observation_record(config.environment.lidar);
  header.ranks = communicator.size();
  return header;
}

std::optional<std::string> Trainer::resume(const Checkpoint& checkpoint) {
  Implementation& self = *implementation_;
  if (!checkpoint.can_go_on())
    throw UserError("an exported agent has neither optimiser nor episodes to go on with; begin a new run from it: " +
                    std::string("medal train --from AGENT"));
  checkpoint.load_parameters(*self.network, &self.config.environment.lidar);
  checkpoint.load_optimizer(*self.network, self.learner.optimizer(), &self.config.environment.lidar);
  self.take_counters(checkpoint.header().counters_json);
  self.curriculum.from_json(checkpoint.header().curriculum_json);
  const std::optional<std::string> why_not = self.restore_episodes(checkpoint);
  // No world has played as many episodes as there were steps: nothing is played twice.
  if (why_not) self.environment.restart(self.steps);
  self.collector.observe();
  self.collected = false;
  return why_not;
}

std::shared_ptr<Network> Trainer::network() { return implementation_->network; }

std::shared_ptr<const Network> Trainer::network_on_cpu() {
  const std::shared_ptr<Network>& network = implementation_->network;
  if (network->device().is_cpu()) return network;
  const auto copy =
      std::make_shared<Network>(network->options(), observation_layout(implementation_->config.environment.lidar));
  copy_parameters(network->parameters(), copy->parameters());
  return copy;
}
const Curriculum& Trainer::curriculum() const { return implementation_->curriculum; }
const NavmeshCache& Trainer::navmeshes() const { return implementation_->navmeshes; }
std::int64_t Trainer::steps() const { return implementation_->steps; }
std::int64_t Trainer::iteration() const { return implementation_->iteration; }

double Trainer::elapsed_seconds() const {
  const Implementation& self = *implementation_;
  return self.sitting_offset + std::chrono::duration<double>(Clock::now() - self.sitting).count();
}

bool Trainer::is_finite() const { return implementation_->finite; }

std::uint64_t Trainer::state_hash() {
  std::uint64_t hash = implementation_->environment.state_hash();
  for (const Parameter& parameter : implementation_->network->parameters()) {
    const at::Tensor plain = parameter.value.detach().to(at::kCPU).contiguous();
    hash = XXH3_64bits_withSeed(plain.data_ptr(), static_cast<std::size_t>(plain.numel()) * sizeof(float), hash);
  }
  return hash;
}

}  // namespace medal
