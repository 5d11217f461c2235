#include "agents/learner/learner.h"

#include <algorithm>
#include <cmath>

#include "agents/learner/loss.h"
#include "agents/learner/minibatch.h"

namespace medal {
namespace {

using torch::Tensor;

constexpr double kAdamEpsilon = 1e-5;

torch::optim::AdamOptions adam_options(const LearnerOptions& options) {
  return torch::optim::AdamOptions(options.learning_rate).eps(kAdamEpsilon);
}

/// In place; collectives work on CPU tensors.
void mean_over_ranks(Communicator& communicator, Tensor& tensor) {
  if (communicator.size() == 1) return;
  Tensor plain = tensor.to(torch::kCPU);
  communicator.all_reduce_sum(plain);
  plain.mul_(1.0 / communicator.size());
  if (!plain.is_same(tensor)) tensor.copy_(plain);
}

}  // namespace

Learner::Learner(const LearnerOptions& options, Network network, Communicator& communicator)
    : options_(options),
      network_(std::move(network)),
      communicator_(&communicator),
      optimizer_(network_->parameters(), adam_options(options)) {
  torch::NoGradGuard no_gradient;
  std::int64_t count = 0;
  for (Tensor& parameter : network_->parameters()) {
    count += parameter.numel();
    if (communicator.size() == 1) continue;
    Tensor plain = parameter.detach().to(torch::kCPU);
    communicator.broadcast(plain);
    parameter.copy_(plain);
  }
  flat_gradient_ = torch::zeros({count + kLossTermCount}, network_->parameters()[0].options());
}

void Learner::clear_gradients() {
  flat_gradient_.zero_();
  std::int64_t offset = 0;
  for (Tensor& parameter : network_->parameters()) {
    parameter.mutable_grad() = flat_gradient_.narrow(0, offset, parameter.numel()).view(parameter.sizes());
    offset += parameter.numel();
  }
}

bool Learner::update_on(const RolloutBuffer& rollout, const Tensor& normalised_advantages, const MinibatchPlan& plan,
                        LearnerStatistics& sums) {
  clear_gradients();
  const std::int64_t count = flat_gradient_.size(0) - kLossTermCount;
  Tensor gradient = flat_gradient_.narrow(0, 0, count), terms = flat_gradient_.narrow(0, count, kLossTermCount);
  for (const MinibatchPlan& part : cache_sized_parts(plan, rollout.unroll, flat_gradient_.device())) {
    const Minibatch batch = gather_minibatch(rollout, normalised_advantages, part, flat_gradient_.device());
    const NetworkOutput output = network_->unroll(batch.observations, batch.memory, batch.starts);
    const Loss loss = compute_loss(present_, network_->actions(), output, batch);
    loss.total.backward();
    terms.add_(loss.terms);
  }

  torch::NoGradGuard no_gradient;
  // A NaN or infinity of any rank reaches all of them through the sum, so that all stop together.
  mean_over_ranks(*communicator_, flat_gradient_);
  const Tensor read = torch::cat({terms, gradient.norm().view(1)}).to(torch::kCPU, torch::kDouble);
  const double* term = read.data_ptr<double>();
  const double norm = term[kLossTermCount];
  if (!std::isfinite(term[kTotalLoss]) || !std::isfinite(norm)) return false;

  if (norm > options_.gradient_norm) gradient.mul_(options_.gradient_norm / (norm + 1e-6));
  optimizer_.step();
  sums.policy_loss += term[kPolicyLoss];
  sums.value_loss += term[kValueLoss];
  sums.entropy += term[kEntropy];
  sums.attention_loss += term[kAttentionLoss];
  sums.presence_loss += term[kPresenceLoss];
  sums.order_loss += term[kOrderLoss];
  sums.clip_fraction += term[kClipFraction];
  sums.approximate_kl += term[kApproximateKl];
  sums.gradient_norm += norm;
  return true;
}

LearnerStatistics Learner::update(RolloutBuffer& rollout, std::uint64_t seed, std::int64_t iteration, double progress) {
  LearnerStatistics statistics;
  const auto share_left = [progress](double final_share) { return 1.0 - progress * (1.0 - final_share); };
  statistics.learning_rate = options_.learning_rate * share_left(options_.final_learning_rate_share);
  for (auto& group : optimizer_.param_groups())
    static_cast<torch::optim::AdamOptions&>(group.options()).lr(statistics.learning_rate);

  present_ = options_;
  present_.entropy_weight *= share_left(options_.final_entropy_share);
  present_.posture_prior_weight *= share_left(options_.final_entropy_share);
  if (progress < options_.order_warmup_share) present_.order_weight *= progress / options_.order_warmup_share;

  const RolloutSummary summary = summarise_rollout(rollout, *communicator_);
  statistics.explained_variance = summary.explained_variance;
  int updates = 0;
  for (const MinibatchPlan& plan :
       plan_minibatches(rollout, options_.epochs, options_.minibatches, seed, iteration, *communicator_)) {
    statistics.finite = update_on(rollout, summary.normalised_advantages, plan, statistics);
    if (!statistics.finite) break;
    ++updates;
  }
  for (double* sum : {&statistics.policy_loss, &statistics.value_loss, &statistics.entropy, &statistics.attention_loss,
                      &statistics.presence_loss, &statistics.order_loss, &statistics.clip_fraction,
                      &statistics.approximate_kl, &statistics.gradient_norm})
    *sum /= std::max(updates, 1);
  return statistics;
}

}  // namespace medal
