#include "agents/learning/learner.h"

#include <algorithm>
#include <cmath>

#include "agents/learning/minibatch.h"

namespace medal {
namespace {

using torch::Tensor;

constexpr double kAdamEpsilon = 1e-5;

/// What one minibatch contributes to the statistics, in this order, behind the gradient in the flat buffer.
enum Term { kTotal, kPolicy, kValue, kEntropy, kAttention, kPresence, kClipFraction, kKl, kTermCount };

struct Loss {
  Tensor total;  ///< what the gradient is taken of
  Tensor terms;  ///< [kTermCount], without gradients
};

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

Loss compute_loss(const LearnerOptions& options, const ActionDistribution& actions, const NetworkOutput& output,
                  const Minibatch& batch) {
  const Tensor log_ratio = actions.log_probability(output.action_parameters, batch.actions) - batch.log_probabilities;
  const Tensor ratio = log_ratio.exp();
  const Tensor clipped = ratio.clamp(1.0 - options.clip, 1.0 + options.clip);
  const Tensor policy = -torch::minimum(ratio * batch.advantages, clipped * batch.advantages).mean();
  const Tensor value = 0.5 * (output.value - batch.returns).square().mean();
  const Tensor entropy = actions.entropy(output.action_parameters, options.posture_entropy_share).mean();

  const Tensor position = output.prediction.narrow(-1, 0, 3), logit = output.prediction.select(-1, 3);
  const Tensor error = (position - batch.privileged.narrow(-1, 0, 3)).abs().sum(-1);
  const Tensor visible = batch.privileged.select(-1, 3);
  const Tensor attention = (error * visible).sum() * (1.0 / (3.0 * batch.visible_steps));
  const Tensor presence = torch::binary_cross_entropy_with_logits(logit, visible);

  const Tensor total = policy + options.value_weight * value - options.entropy_weight * entropy +
                       options.attention_weight * (attention + options.presence_weight * presence);
  torch::NoGradGuard no_gradient;
  const Tensor clip_fraction = ((ratio - 1.0).abs() > options.clip).to(torch::kFloat).mean();
  const Tensor kl = (ratio - 1.0 - log_ratio).mean();
  return {total, torch::stack({total, policy, value, entropy, attention, presence, clip_fraction, kl})};
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
  flat_gradient_ = torch::zeros({count + kTermCount}, network_->parameters()[0].options());
}

void Learner::clear_gradients() {
  flat_gradient_.zero_();
  std::int64_t offset = 0;
  for (Tensor& parameter : network_->parameters()) {
    parameter.mutable_grad() = flat_gradient_.narrow(0, offset, parameter.numel()).view(parameter.sizes());
    offset += parameter.numel();
  }
}

bool Learner::update_on(const Minibatch& batch, LearnerStatistics& sums) {
  clear_gradients();
  const NetworkOutput output = network_->unroll(batch.observations, batch.memory, batch.starts);
  const Loss loss = compute_loss(options_, network_->actions(), output, batch);
  loss.total.backward();

  torch::NoGradGuard no_gradient;
  const std::int64_t count = flat_gradient_.size(0) - kTermCount;
  Tensor gradient = flat_gradient_.narrow(0, 0, count), terms = flat_gradient_.narrow(0, count, kTermCount);
  terms.copy_(loss.terms);
  // A NaN or infinity of any rank reaches all of them through the sum, so that all stop together.
  mean_over_ranks(*communicator_, flat_gradient_);
  const Tensor read = torch::cat({terms, gradient.norm().view(1)}).to(torch::kCPU, torch::kDouble);
  const double* term = read.data_ptr<double>();
  const double norm = term[kTermCount];
  if (!std::isfinite(term[kTotal]) || !std::isfinite(norm)) return false;

  if (norm > options_.gradient_norm) gradient.mul_(options_.gradient_norm / (norm + 1e-6));
  optimizer_.step();
  sums.policy_loss += term[kPolicy];
  sums.value_loss += term[kValue];
  sums.entropy += term[kEntropy];
  sums.attention_loss += term[kAttention];
  sums.presence_loss += term[kPresence];
  sums.clip_fraction += term[kClipFraction];
  sums.approximate_kl += term[kKl];
  sums.gradient_norm += norm;
  return true;
}

LearnerStatistics Learner::update(RolloutBuffer& rollout, std::uint64_t seed, std::int64_t iteration, double progress) {
  LearnerStatistics statistics;
  statistics.learning_rate = options_.learning_rate * (1.0 - progress * (1.0 - options_.final_learning_rate_share));
  for (auto& group : optimizer_.param_groups())
    static_cast<torch::optim::AdamOptions&>(group.options()).lr(statistics.learning_rate);

  const RolloutSummary summary = summarise_rollout(rollout, *communicator_);
  statistics.explained_variance = summary.explained_variance;
  int updates = 0;
  for (const MinibatchPlan& plan :
       plan_minibatches(rollout, options_.epochs, options_.minibatches, seed, iteration, *communicator_)) {
    const Minibatch batch = gather_minibatch(rollout, summary.normalised_advantages, plan, flat_gradient_.device());
    statistics.finite = update_on(batch, statistics);
    if (!statistics.finite) break;
    ++updates;
  }
  for (double* sum :
       {&statistics.policy_loss, &statistics.value_loss, &statistics.entropy, &statistics.attention_loss,
        &statistics.presence_loss, &statistics.clip_fraction, &statistics.approximate_kl, &statistics.gradient_norm})
    *sum /= std::max(updates, 1);
  return statistics;
}

}  // namespace medal
