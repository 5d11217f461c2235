#include "agents/training/collector.h"

#include <algorithm>
#include <thread>

#include "sim/base/random.h"
#include "sim/base/stopwatch.h"

namespace medal {
namespace {

constexpr std::uint64_t kActionDomain = 0x414354494F4E31ULL;

}  // namespace

Collector::Collector(const Network& network, BatchedEnvironment& environment, int unroll, std::uint64_t seed,
                     int first_learner)
    : network_(&network),
      environment_(&environment),
      seed_(seed),
      first_learner_(first_learner),
      seen_(unroll, environment.learners(), environment.observation_size(), network.memory_state_size(),
            staging(network.device())),
      queue_(network.device(), /*urgent=*/true),
      memory_(at::zeros({environment.learners(), network.memory_state_size()}, network.device())),
      turns_(static_cast<std::size_t>(environment.groups())),
      actions_(static_cast<std::size_t>(environment.learners())) {
  for (int group = 0; group < environment.groups(); ++group) {
    const LearnerRange range = environment.learners_of(group);
    groups_.push_back(
        std::make_unique<LearnerGroup>(network, range, memory_.narrow(0, range.first, range.count), seen_));
  }
  seen_.starts[0].fill_(1.0F);
  observe();
}

Collector::~Collector() {
  for (int group = 0; group < environment_->groups(); ++group) {
    try {
      environment_->finish_step(group);
    } catch (...) {  // who threw first is on its way to the caller
    }
  }
}

RolloutBuffer Collector::make_rollout() const {
  if (network_->device().is_cpu()) return seen_;
  return {seen_.unroll,
          seen_.learners,
          environment_->observation_size(),
          network_->memory_state_size(),
          at::TensorOptions().device(network_->device()),
          static_cast<int>(network_->memory().written_size())};
}

void Collector::observe() {
  environment_->observe(seen_.outputs_of_reset());
  carried_ = true;
}

void Collector::go_on_from(const at::Tensor& memory, const at::Tensor& starts) {
  memory_.copy_(memory);
  seen_.starts[0].copy_(starts);
  carried_ = true;
}

/// Keyed by (seed, global learner, step): they depend neither on ranks nor on groups, nor on what was drawn before.
void Collector::draw_uniforms(std::int64_t unroll_index) {
  environment_->run_jobs(seen_.unroll, [this, unroll_index](int t) {
    const auto step = static_cast<std::uint64_t>(unroll_index * seen_.unroll + t);
    for (const auto& group : groups_) {
      float* draws = group->uniforms(t).data();
      const LearnerRange range = group->range();
      for (int i = range.first; i < range.first + range.count; ++i) {
        Random random(mix_seed(seed_, static_cast<std::uint64_t>(first_learner_ + i), 0, kActionDomain), step);
        for (int d = 0; d < kActionSize; ++d) *draws++ = random.uniform();
      }
    }
  });
}

/// Where an episode has ended at t, another begins at t + 1.
void Collector::mark_starts(LearnerRange learners, int t) {
  const std::int64_t here = std::int64_t{t} * seen_.learners;
  const std::uint8_t* terminated = seen_.terminated.data_ptr<std::uint8_t>() + here;
  const std::uint8_t* truncated = seen_.truncated.data_ptr<std::uint8_t>() + here;
  float* starts = seen_.starts.data_ptr<float>() + here + seen_.learners;
  for (int i = learners.first; i < learners.first + learners.count; ++i)
    starts[i] = terminated[i] != 0 || truncated[i] != 0 ? 1.0F : 0.0F;
}

bool Collector::go_on(const RolloutBuffer& rollout, std::size_t index, PhaseSeconds& phases) {
  LearnerGroup& group = *groups_[index];
  Turn& turn = turns_[index];
  const int number = static_cast<int>(index);
  if (turn.step == seen_.unroll) return false;
  if (!turn.simulating) {
    if (!group.chosen()) return false;
    group.take_actions(actions_);
    environment_->begin_step(number, actions_, seen_.outputs_of(turn.step));
    turn.simulating = true;
    return true;
  }
  if (!environment_->step_ended(number)) return false;
  environment_->finish_step(number);
  turn.simulating = false;
  mark_starts(group.range(), turn.step);
  Stopwatch watch;
  group.value_truncated(rollout, turn.step);
  if (++turn.step < seen_.unroll)
    group.choose(rollout, turn.step);
  else
    group.value_last(rollout);
  watch.lap(phases.policy);
  return true;
}

void Collector::send_outcomes(const RolloutBuffer& rollout) {
  if (network_->device().is_cpu()) return;
  const DeviceQueue::Scope scope(queue_);
  rollout.privileged.copy_(seen_.privileged, /*non_blocking=*/true);
  rollout.starts.copy_(seen_.starts, /*non_blocking=*/true);
  rollout.rewards.copy_(seen_.rewards, /*non_blocking=*/true);
  rollout.terminated.copy_(seen_.terminated, /*non_blocking=*/true);
  rollout.truncated.copy_(seen_.truncated, /*non_blocking=*/true);
  queue_.mark();
  queue_.wait();
}

void Collector::collect(RolloutBuffer& rollout, std::int64_t unroll_index, const at::Tensor& allowed,
                        PhaseSeconds& phases) {
  at::NoGradGuard no_gradient;
  const StageSeconds before = environment_->timing();
  Stopwatch watch;
  if (!carried_) seen_.carry_over();
  carried_ = false;
  draw_uniforms(unroll_index);
  for (const auto& group : groups_) {
    const LearnerRange range = group->range();
    group->begin(rollout, allowed.defined() ? allowed.narrow(0, range.first, range.count) : allowed);
    group->choose(rollout, 0);
  }
  watch.lap(phases.policy);
  const double policy_before = phases.policy;
  std::fill(turns_.begin(), turns_.end(), Turn{});
  const auto all_played = [this] {
    return std::all_of(turns_.begin(), turns_.end(), [this](const Turn& turn) { return turn.step == seen_.unroll; });
  };
  while (!all_played()) {
    bool moved = false;
    for (std::size_t group = 0; group < groups_.size(); ++group) moved |= go_on(rollout, group, phases);
    if (!moved && !environment_->help()) std::this_thread::yield();
  }
  send_outcomes(rollout);
  for (const auto& group : groups_) group->wait();
  watch.lap(phases.simulate);
  phases.simulate -= phases.policy - policy_before;
  phases.stages = environment_->timing();
  phases.stages.add(before, -1);
}

}  // namespace medal
