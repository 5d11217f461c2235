#include "agents/learner/recorded_update.h"

#include <ATen/ops/index_select.h>
#include <ATen/ops/isfinite.h>
#include <ATen/ops/stack.h>
#include <ATen/ops/tensor.h>
#include <ATen/ops/where.h>
#include <ATen/ops/zeros_like.h>
#include <torch/csrc/autograd/autograd.h>

#include "agents/device/device_queue.h"
#include "agents/heads/heads.h"
#include "agents/learner/loss.h"

namespace medal {
namespace {

using at::Tensor;

/// The plans' rows side by side, and each plan's factors in a row; both on the device, sent at once.
struct SentPlans {
  Tensor rows, factors;
};

SentPlans send(const std::vector<MinibatchPlan>& plans, const std::vector<double>& weights, const Tensor& adam_plan,
               at::Device device) {
  const auto sent = [device](const Tensor& tensor) {
    return device.is_cpu() ? tensor : tensor.pin_memory().to(device, /*non_blocking=*/true);
  };
  std::vector<Tensor> rows, factors;
  for (std::size_t i = 0; i < plans.size(); ++i) {
    rows.push_back(plans[i].rows);
    std::vector<double> own = weights;
    own.insert(own.end(), plans[i].masked_samples.begin(), plans[i].masked_samples.end());
    factors.push_back(at::cat({at::tensor(own).to(at::kFloat), adam_plan[static_cast<std::int64_t>(i)]}));
  }
  return {sent(at::cat(rows)), sent(at::stack(factors))};
}

}  // namespace

RecordedUpdate::RecordedUpdate(const LearnerOptions& options, const Network& network, Adam& adam,
                               Communicator& communicator)
    : options_(options),
      network_(&network),
      adam_(&adam),
      communicator_(&communicator),
      gradient_size_(count_of(network.parameters())),
      term_count_(static_cast<std::int64_t>(loss_term_names().size())),
      step_([this] { take_step(); }, network.device().is_cuda()) {
  for (const Parameter& parameter : network.parameters()) parameters_.push_back(parameter.value);
  const auto heads = static_cast<std::int64_t>(auxiliary_heads().size());
  const at::TensorOptions numbers = at::TensorOptions().device(network.device());
  flat_gradient_ = at::zeros({gradient_size_ + term_count_}, numbers);
  factors_ = at::zeros({term_count_ + heads + 2}, numbers);
  sums_ = at::zeros({term_count_ + 2}, numbers);
}

RecordedUpdate::Recording& RecordedUpdate::recording(const Kind& kind, const RolloutBuffer& rollout) {
  const auto found = recordings_.find(kind);
  if (found != recordings_.end()) return found->second;
  Recording& made = recordings_[kind];
  made.taught = kind.second;
  const auto rows_of = [&](const Tensor& whole) {
    return at::empty({rollout.unroll, kind.first, whole.size(-1)}, whole.options());
  };
  const auto numbers = [&] { return at::empty({rollout.unroll, kind.first}, rollout.values.options()); };
  made.batch = {rows_of(rollout.observations),
                at::empty({kind.first, rollout.initial_memory.size(1)}, rollout.initial_memory.options()),
                numbers(),
                rows_of(rollout.actions),
                numbers(),
                numbers(),
                numbers(),
                rows_of(rollout.privileged),
                rollout.written.defined() ? rows_of(rollout.written) : Tensor(),
                static_cast<double>(kind.first * rollout.unroll),
                {}};
  made.gradient = std::make_unique<RecordedWork>([this, &made] { find_gradient(made); }, network_->device().is_cuda());
  return made;
}

void RecordedUpdate::gather(Recording& recording, const RolloutBuffer& rollout, const Tensor& normalised_advantages,
                            const Tensor& rows) const {
  const auto take = [&](Tensor& to, const Tensor& whole) {
    at::index_select_out(to, whole.narrow(0, 0, rollout.unroll), 1, rows);
  };
  Minibatch& batch = recording.batch;
  take(batch.observations, rollout.observations);
  at::index_select_out(batch.memory, rollout.initial_memory, 0, rows);
  take(batch.starts, rollout.starts);
  take(batch.actions, rollout.actions);
  take(batch.log_probabilities, rollout.log_probabilities);
  take(batch.advantages, normalised_advantages);
  take(batch.returns, rollout.returns);
  take(batch.privileged, rollout.privileged);
  if (batch.written.defined()) take(batch.written, rollout.written);
}

void RecordedUpdate::find_gradient(const Recording& recording) {
  const Minibatch& batch = recording.batch;
  const std::int64_t heads = factors_.size(0) - term_count_ - 2;
  const NetworkOutput output =
      network_->unroll(batch.observations, batch.memory, batch.starts, recording.taught, batch.written);
  const Loss loss =
      compute_loss_by_tensors(options_, {factors_.narrow(0, 0, term_count_), factors_.narrow(0, term_count_, heads)},
                              network_->actions(), output, batch);
  std::vector<Tensor> parts = torch::autograd::grad(loss.of, parameters_, loss.gradients, c10::nullopt,
                                                    /*create_graph=*/false, /*allow_unused=*/true);
  for (std::size_t i = 0; i < parts.size(); ++i)
    parts[i] = (parts[i].defined() ? parts[i] : at::zeros_like(parameters_[i].detach())).reshape({-1});
  parts.push_back(loss.terms);
  at::cat_out(flat_gradient_, parts);
}

void RecordedUpdate::take_step() {
  const at::NoGradGuard no_gradient;
  const Tensor gradient = flat_gradient_.narrow(0, 0, gradient_size_);
  const Tensor terms = flat_gradient_.narrow(0, gradient_size_, term_count_), norm = gradient.norm();
  const Tensor finite = at::isfinite(norm) & at::isfinite(terms[kTotalLoss]), none = at::zeros_like(norm);
  const Tensor scale = (options_.gradient_norm / (norm + 1e-6)).clamp_max(1.0);
  adam_->planned_step(at::where(finite, gradient * scale, none), factors_.narrow(0, factors_.size(0) - 2, 2),
                      finite.to(at::kFloat));
  const Tensor counted = at::cat({terms, norm.view(1), (none + 1.0F).view(1)});
  sums_.add_(at::where(finite, counted, none));
}

void RecordedUpdate::begin(const LearnerOptions& options, const RolloutBuffer& rollout,
                           const Tensor& normalised_advantages, const std::vector<MinibatchPlan>& plans) {
  const SentPlans sent =
      send(plans, loss_weights(options), adam_->plan_steps(static_cast<int>(plans.size())), flat_gradient_.device());
  const std::vector<bool> taught = taught_heads(options);
  sums_.zero_();
  std::int64_t first = 0;
  for (std::size_t i = 0; i < plans.size(); ++i) {
    const std::int64_t count = plans[i].rows.size(0);
    Recording& recorded = recording({count, taught}, rollout);
    {
      const at::NoGradGuard no_gradient;
      gather(recorded, rollout, normalised_advantages, sent.rows.narrow(0, first, count));
      factors_.copy_(sent.factors[static_cast<std::int64_t>(i)]);
    }
    recorded.gradient->run();
    all_reduce_mean(*communicator_, flat_gradient_);
    step_.run();
    first += count;
  }
}

RecordedUpdate::Result RecordedUpdate::finish() {
  const Tensor read = sums_.to(at::kCPU, at::kDouble);
  const double* sum = read.data_ptr<double>();
  Result result;
  const std::vector<std::string>& names = loss_term_names();
  for (std::size_t i = kTotalLoss + 1; i < names.size(); ++i) result.sums.add(names[i], sum[i]);
  result.sums.add("gradient_norm", sum[term_count_]);
  result.steps = static_cast<int>(sum[term_count_ + 1]);
  return result;
}

}  // namespace medal
