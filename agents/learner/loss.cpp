#include "agents/learner/loss.h"

#include <algorithm>
#include <array>
#include <cmath>

#include "sim/episode/observation.h"

namespace medal {
namespace {

using torch::Tensor;
using torch::autograd::AutogradContext;
using torch::autograd::variable_list;

constexpr int kBins = ActionDistribution::kBinCount;
constexpr int kAxes = kAttentionTargetSize - 1;
constexpr int kOrderSize = kOrderTargetSize - 1;

/// One step of one learner, as plain memory; gradients of the total loss go beside what they are of.
struct Sample {
  const float* logits;      ///< [kBins]
  const float* actions;     ///< [kActionSize]
  const float* prediction;  ///< [kAttentionTargetSize]
  const float* order;       ///< [kOrderSize] predicted
  const float* privileged;  ///< [kPrivilegedSize]
  float value, log_probability, advantage, target;
  float* logit_gradient;
  float* value_gradient;
  float* prediction_gradient;
  float* order_gradient;
};

/// Factors that are the same for all samples.
struct Factors {
  explicit Factors(const LearnerOptions& options, double samples, double visible_steps)
      : clip(static_cast<float>(options.clip)),
        posture_share(static_cast<float>(options.posture_entropy_share)),
        mean(1.0F / static_cast<float>(samples)),
        value(static_cast<float>(options.value_weight) * mean),
        entropy(static_cast<float>(options.entropy_weight) * mean),
        posture_prior(static_cast<float>(options.posture_prior_weight) * mean),
        posture_chance(ActionDistribution::initial_posture_chance()),
        position(static_cast<float>(options.attention_weight / (kAxes * visible_steps))),
        presence(static_cast<float>(options.attention_weight * options.presence_weight) * mean),
        order(static_cast<float>(options.order_weight) / kOrderSize * mean) {}
  float clip, posture_share, mean, value, entropy, posture_prior, posture_chance, position, presence, order;
};

/// Sums over the samples.
using TermSums = std::array<double, kLossTermCount>;

/// Log probabilities of all bins, each dimension's summing to 1.
std::array<float, kBins> log_softmax_of_bins(const float* logits) {
  std::array<float, kBins> result;
  int first = 0;
  for (int bins : ActionDistribution::kBinsOf) {
    const float highest = *std::max_element(logits + first, logits + first + bins);
    float total = 0;
    for (int k = first; k < first + bins; ++k) total += std::exp(logits[k] - highest);
    const float log_total = highest + std::log(total);
    for (int k = first; k < first + bins; ++k) result[static_cast<std::size_t>(k)] = logits[k] - log_total;
    first += bins;
  }
  return result;
}

/// Adds to the gradient of jump and crouch.
void add_posture_prior(const Sample& s, const std::array<float, kBins>& logs, const Factors& factors, TermSums& sums) {
  int first = 0;
  float prior = 0;
  for (std::size_t d = 0; d < kActionSize; ++d) {
    if (ActionDistribution::is_posture(d)) {
      const float off = logs[static_cast<std::size_t>(first)], on = logs[static_cast<std::size_t>(first + 1)];
      const float excess = factors.posture_prior * (std::exp(on) - factors.posture_chance);
      s.logit_gradient[first] -= excess;
      s.logit_gradient[first + 1] += excess;
      prior -= (1.0F - factors.posture_chance) * off + factors.posture_chance * on;
    }
    first += ActionDistribution::kBinsOf[d];
  }
  sums[kPosturePriorLoss] += prior;
}

void add_policy_and_entropy(const Sample& s, const Factors& factors, TermSums& sums) {
  const std::array<float, kBins> logs = log_softmax_of_bins(s.logits);
  float log_probability = 0, entropy = 0;
  std::array<float, kActionSize> entropies{};
  int first = 0;
  for (std::size_t d = 0; d < kActionSize; ++d) {
    log_probability += logs[static_cast<std::size_t>(first + static_cast<int>(s.actions[d]))];
    for (int k = first; k < first + ActionDistribution::kBinsOf[d]; ++k) {
      s.logit_gradient[k] = std::exp(logs[static_cast<std::size_t>(k)]);  // the probability, for now
      entropies[d] -= s.logit_gradient[k] * logs[static_cast<std::size_t>(k)];
    }
    entropy += (ActionDistribution::is_posture(d) ? factors.posture_share : 1.0F) * entropies[d];
    first += ActionDistribution::kBinsOf[d];
  }
  const float log_ratio = log_probability - s.log_probability, ratio = std::exp(log_ratio);
  const float plain = ratio * s.advantage;
  const float clipped = std::min(std::max(ratio, 1.0F - factors.clip), 1.0F + factors.clip) * s.advantage;
  // Where the clipped one is smaller, nothing flows.
  const float push = plain <= clipped ? -plain * factors.mean : 0.0F;
  first = 0;
  for (std::size_t d = 0; d < kActionSize; ++d) {
    const float weight = factors.entropy * (ActionDistribution::is_posture(d) ? factors.posture_share : 1.0F);
    const int chosen = first + static_cast<int>(s.actions[d]);
    for (int k = first; k < first + ActionDistribution::kBinsOf[d]; ++k) {
      const float probability = s.logit_gradient[k];
      s.logit_gradient[k] = push * ((k == chosen ? 1.0F : 0.0F) - probability) +
                            weight * probability * (logs[static_cast<std::size_t>(k)] + entropies[d]);
    }
    first += ActionDistribution::kBinsOf[d];
  }
  add_posture_prior(s, logs, factors, sums);
  sums[kPolicyLoss] -= std::min(plain, clipped);
  sums[kEntropy] += entropy;
  sums[kClipFraction] += std::abs(ratio - 1.0F) > factors.clip ? 1 : 0;
  sums[kApproximateKl] += ratio - 1.0F - log_ratio;
}

void add_value(const Sample& s, const Factors& factors, TermSums& sums) {
  const float error = s.value - s.target;
  *s.value_gradient = factors.value * error;
  sums[kValueLoss] += 0.5F * error * error;
}

void add_attention(const Sample& s, const Factors& factors, TermSums& sums) {
  const float visible = s.privileged[kAxes], logit = s.prediction[kAxes];
  for (int axis = 0; axis < kAxes; ++axis) {
    const float error = s.prediction[axis] - s.privileged[axis];
    s.prediction_gradient[axis] = error == 0 ? 0.0F : std::copysign(factors.position * visible, error);
    sums[kAttentionLoss] += std::abs(error) * visible;
  }
  const float decay = std::exp(-std::abs(logit));
  const float chance = (logit >= 0 ? 1.0F : decay) / (1.0F + decay);
  s.prediction_gradient[kAxes] = factors.presence * (chance - visible);
  sums[kPresenceLoss] += std::max(logit, 0.0F) - logit * visible + std::log1p(decay);
}

void add_order(const Sample& s, const Factors& factors, TermSums& sums) {
  const float* target = s.privileged + kAttentionTargetSize;
  const float known = target[kOrderSize];
  float sum = 0;
  for (int i = 0; i < kOrderSize; ++i) {
    const float error = s.order[i] - target[i];
    s.order_gradient[i] = error == 0 ? 0.0F : std::copysign(factors.order * known, error);
    sum += std::abs(error);
  }
  sums[kOrderLoss] += known * sum / kOrderSize;
}

/// The gradients are found along with the loss, since nothing else ever scales it.
class PpoLoss : public torch::autograd::Function<PpoLoss> {
 public:
  static variable_list forward(AutogradContext* context, const Tensor& action_parameters, const Tensor& values,
                               const Tensor& prediction, const Tensor& order_prediction, const LearnerOptions& options,
                               const Minibatch& batch) {
    const Tensor logits = action_parameters.contiguous(), value = values.contiguous(), guess = prediction.contiguous(),
                 order = order_prediction.contiguous();
    const Tensor actions = batch.actions.contiguous(), privileged = batch.privileged.contiguous();
    const Tensor old = batch.log_probabilities.contiguous(), advantages = batch.advantages.contiguous(),
                 returns = batch.returns.contiguous();
    const Tensor logit_gradient = torch::empty_like(logits), value_gradient = torch::empty_like(value),
                 guess_gradient = torch::empty_like(guess), order_gradient = torch::empty_like(order);
    const std::int64_t samples = value.numel();
    const Factors factors(options, batch.samples, batch.visible_steps);
    TermSums sums{};
    for (std::int64_t i = 0; i < samples; ++i) {
      const Sample sample{logits.data_ptr<float>() + i * kBins,
                          actions.data_ptr<float>() + i * kActionSize,
                          guess.data_ptr<float>() + i * kAttentionTargetSize,
                          order.data_ptr<float>() + i * kOrderSize,
                          privileged.data_ptr<float>() + i * kPrivilegedSize,
                          value.data_ptr<float>()[i],
                          old.data_ptr<float>()[i],
                          advantages.data_ptr<float>()[i],
                          returns.data_ptr<float>()[i],
                          logit_gradient.data_ptr<float>() + i * kBins,
                          value_gradient.data_ptr<float>() + i,
                          guess_gradient.data_ptr<float>() + i * kAttentionTargetSize,
                          order_gradient.data_ptr<float>() + i * kOrderSize};
      add_policy_and_entropy(sample, factors, sums);
      add_value(sample, factors, sums);
      add_attention(sample, factors, sums);
      add_order(sample, factors, sums);
    }
    const Tensor terms = mean_terms(sums, options, batch);
    context->save_for_backward({logit_gradient, value_gradient, guess_gradient, order_gradient});
    context->mark_non_differentiable({terms});
    return {terms[kTotalLoss].clone(), terms};
  }

  static variable_list backward(AutogradContext* context, variable_list gradients) {
    const variable_list saved = context->get_saved_variables();
    const Tensor& scale = gradients[0];
    return {saved[0] * scale, saved[1] * scale, saved[2] * scale, saved[3] * scale, Tensor(), Tensor()};
  }

 private:
  static Tensor mean_terms(const TermSums& sums, const LearnerOptions& options, const Minibatch& batch) {
    TermSums means = sums;
    for (double& mean : means) mean /= batch.samples;
    means[kAttentionLoss] = sums[kAttentionLoss] / (kAxes * batch.visible_steps);
    means[kTotalLoss] =
        means[kPolicyLoss] + options.value_weight * means[kValueLoss] - options.entropy_weight * means[kEntropy] +
        options.attention_weight * (means[kAttentionLoss] + options.presence_weight * means[kPresenceLoss]) +
        options.order_weight * means[kOrderLoss] + options.posture_prior_weight * means[kPosturePriorLoss];
    const Tensor terms = torch::empty({kLossTermCount});
    std::copy(means.begin(), means.end(), terms.data_ptr<float>());
    return terms;
  }
};

}  // namespace

Loss compute_loss(const LearnerOptions& options, const ActionDistribution& actions, const NetworkOutput& output,
                  const Minibatch& batch) {
  if (!output.value.is_cpu() || actions.kind() != ActionHeadKind::bins)
    return compute_loss_by_tensors(options, actions, output, batch);
  const variable_list loss = PpoLoss::apply(output.action_parameters, output.value, output.prediction,
                                            output.order_prediction, options, batch);
  return {loss[0], loss[1]};
}

Loss compute_loss_by_tensors(const LearnerOptions& options, const ActionDistribution& actions,
                             const NetworkOutput& output, const Minibatch& batch) {
  const auto mean = [&batch](const Tensor& x) { return x.sum() * (1.0 / batch.samples); };
  const Tensor log_ratio = actions.log_probability(output.action_parameters, batch.actions) - batch.log_probabilities;
  const Tensor ratio = log_ratio.exp();
  const Tensor clipped = ratio.clamp(1.0 - options.clip, 1.0 + options.clip);
  const Tensor policy = -mean(torch::minimum(ratio * batch.advantages, clipped * batch.advantages));
  const Tensor value = 0.5 * mean((output.value - batch.returns).square());
  const Tensor entropy = mean(actions.entropy(output.action_parameters, options.posture_entropy_share));
  const Tensor prior = mean(actions.posture_cross_entropy(output.action_parameters));

  const Tensor position = output.prediction.narrow(-1, 0, kAxes), logit = output.prediction.select(-1, kAxes);
  const Tensor error = (position - batch.privileged.narrow(-1, 0, kAxes)).abs().sum(-1);
  const Tensor visible = batch.privileged.select(-1, kAxes);
  const Tensor attention = (error * visible).sum() * (1.0 / (kAxes * batch.visible_steps));
  const Tensor presence = mean(torch::binary_cross_entropy_with_logits(logit, visible, {}, {}, torch::Reduction::None));

  const Tensor order_error =
      (output.order_prediction - batch.privileged.narrow(-1, kAttentionTargetSize, kOrderSize)).abs().mean(-1);
  const Tensor order = mean(order_error * batch.privileged.select(-1, kPrivilegedSize - 1));

  const Tensor total = policy + options.value_weight * value - options.entropy_weight * entropy +
                       options.attention_weight * (attention + options.presence_weight * presence) +
                       options.order_weight * order + options.posture_prior_weight * prior;
  torch::NoGradGuard no_gradient;
  const Tensor clip_fraction = mean(((ratio - 1.0).abs() > options.clip).to(torch::kFloat));
  const Tensor kl = mean(ratio - 1.0 - log_ratio);
  return {total, torch::stack({total, policy, value, entropy, attention, presence, order, prior, clip_fraction, kl})};
}

}  // namespace medal
