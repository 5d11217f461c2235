#include "agents/training/learner_group.h"

#include <ATen/ops/index_select.h>

namespace medal {
namespace {

using at::Tensor;

/// To a device, while the caller goes on; nothing happens to what is there already.
void send(const Tensor& to, const Tensor& from) {
  if (!to.is_same(from)) to.copy_(from, /*non_blocking=*/true);
}

}  // namespace

LearnerGroup::LearnerGroup(const Network& network, LearnerRange range, const Tensor& memory, const RolloutBuffer& seen)
    : network_(&network),
      range_(range),
      memory_(memory),
      seen_(&seen),
      queue_(network.device(), /*urgent=*/true),
      drawn_(at::zeros({seen.unroll, range.count, kActionSize}, staging(network.device()))),
      uniforms_(drawn_.to(network.device())) {
  if (network.device().is_cpu()) return;
  const auto on_device = [&](at::IntArrayRef sizes) { return at::zeros(sizes, memory.options()); };
  const auto rows = [&] {
    return Choice{on_device({range.count, seen.observations.size(2)}),
                  on_device({range.count}),
                  on_device({range.count, kActionSize}),
                  on_device({range.count, kActionSize}),
                  on_device({range.count}),
                  on_device({range.count})};
  };
  chosen_ = at::zeros({range.count, kActionSize}, staging(network.device()));
  const bool gpu = network.device().is_cuda();
  recorded_.reset(new Recorded{
      rows(), rows(), RecordedWork([this] { choose_here(recorded_->choice); }, gpu),
      RecordedWork(
          [this] { value_here(recorded_->value.observations, recorded_->value.starts, recorded_->value.values); },
          gpu)});
}

std::span<float> LearnerGroup::uniforms(int t) {
  const auto size = static_cast<std::size_t>(drawn_.stride(0));
  return {drawn_.data_ptr<float>() + static_cast<std::size_t>(t) * size, size};
}

void LearnerGroup::begin(const RolloutBuffer& rollout, const Tensor& allowed) {
  queue_.follow_present();
  const DeviceQueue::Scope scope(queue_);
  send(uniforms_, drawn_);
  if (allowed.defined()) network_->memory().allow_reading(memory_, allowed);
  mine(rollout.initial_memory).copy_(memory_);
}

void LearnerGroup::choose_here(const Choice& choice) {
  network_->memory().clear(memory_, choice.starts);
  const NetworkOutput output = network_->step(choice.observations, memory_);
  const ActionSample sample = network_->actions().sample(output.action_parameters, choice.uniforms);
  choice.actions.copy_(sample.stored);
  choice.log_probabilities.copy_(sample.log_probability);
  choice.values.copy_(output.value);
}

void LearnerGroup::choose(const RolloutBuffer& rollout, int t) {
  const Choice rows{mine(rollout.observations[t]),      mine(rollout.starts[t]), uniforms_[t], mine(rollout.actions[t]),
                    mine(rollout.log_probabilities[t]), mine(rollout.values[t])};
  if (!recorded_) {
    choose_here(rows);
    chosen_ = rows.actions;
    return;
  }
  const DeviceQueue::Scope scope(queue_);
  const Choice& fixed = recorded_->choice;
  send(fixed.observations, mine(seen_->observations[t]));
  send(fixed.starts, mine(seen_->starts[t]));
  fixed.uniforms.copy_(rows.uniforms);
  recorded_->choose.run();
  send(chosen_, fixed.actions);
  queue_.mark();
  rows.observations.copy_(fixed.observations);
  rows.actions.copy_(fixed.actions);
  rows.log_probabilities.copy_(fixed.log_probabilities);
  rows.values.copy_(fixed.values);
  if (!rollout.written.defined()) return;
  const std::int64_t written = rollout.written.size(2);
  mine(rollout.written[t]).copy_(memory_.narrow(1, memory_.size(1) - written, written));
}

void LearnerGroup::take_actions(std::span<Action> all) const {
  network_->actions().to_actions(
      chosen_, all.subspan(static_cast<std::size_t>(range_.first), static_cast<std::size_t>(range_.count)));
}

/// Leaves the memory as it is.
void LearnerGroup::value_here(const Tensor& observations, const Tensor& starts, Tensor& values) const {
  Tensor memory = memory_.clone();
  network_->memory().clear(memory, starts);
  values.copy_(network_->step(observations, memory).value);
}

/// As value_here, of rows that the simulator has written.
void LearnerGroup::value_sent(const Tensor& observations, const Tensor& starts) {
  send(recorded_->value.observations, observations);
  if (starts.defined())
    send(recorded_->value.starts, starts);
  else
    recorded_->value.starts.zero_();
  recorded_->find_value.run();
}

void LearnerGroup::value_truncated(const RolloutBuffer& rollout, int t) {
  const Tensor truncated = mine(seen_->truncated[t]), values = mine(rollout.final_values[t]);
  const DeviceQueue::Scope scope(queue_);
  values.zero_();
  const Tensor rows = truncated.nonzero().squeeze(1);
  if (rows.numel() == 0) return;
  const Tensor last = mine(seen_->final_observations);
  if (recorded_) {
    value_sent(last, {});
    values.copy_(recorded_->value.values * truncated.to(values.device(), /*non_blocking=*/true));
    return;
  }
  Tensor memory = memory_.index_select(0, rows);
  values.index_copy_(0, rows, network_->step(last.index_select(0, rows), memory).value);
}

void LearnerGroup::value_last(const RolloutBuffer& rollout) {
  Tensor values = mine(rollout.values[rollout.unroll]);
  const DeviceQueue::Scope scope(queue_);
  if (recorded_) {
    value_sent(mine(seen_->observations[rollout.unroll]), mine(seen_->starts[rollout.unroll]));
    values.copy_(recorded_->value.values);
  } else {
    value_here(mine(rollout.observations[rollout.unroll]), mine(rollout.starts[rollout.unroll]), values);
  }
}

void LearnerGroup::wait() {
  queue_.mark();
  queue_.wait();
}

}  // namespace medal
