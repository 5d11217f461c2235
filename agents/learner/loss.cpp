#include "agents/learner/loss.h"

#include <ATen/ops/minimum.h>
#include <ATen/ops/ones_like.h>
#include <ATen/ops/stack.h>
#include <ATen/ops/tensor.h>
#include <torch/csrc/autograd/autograd.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <span>

#include "agents/heads/heads.h"
#include "agents/network/softmax.h"

namespace medal {
namespace {

using at::Tensor;

constexpr int kBins = ActionDistribution::kBinCount;

/// One step of one learner, as plain memory; gradients of the total loss go beside what they are of.
struct Sample {
  const float* logits;   ///< [kBins]
  const float* actions;  ///< [kActionSize]
  float value, log_probability, advantage, target;
  float* logit_gradient;
  float* value_gradient;
};

/// Factors that are the same for all samples.
struct Factors {
  explicit Factors(const LearnerOptions& options, double samples)
      : clip(static_cast<float>(options.clip)),
        posture_share(static_cast<float>(options.posture_entropy_share)),
        mean(1.0F / static_cast<float>(samples)),
        value(static_cast<float>(options.value_weight) * mean),
        entropy(static_cast<float>(options.entropy_weight) * mean),
        posture_prior(static_cast<float>(options.posture_prior_weight) * mean),
        posture_chance(ActionDistribution::initial_posture_chance()) {}
  float clip, posture_share, mean, value, entropy, posture_prior, posture_chance;
};

/// Sums over the samples.
using TermSums = std::array<double, kFirstHeadTerm>;

/// Log probabilities of all bins, each dimension's summing to 1.
std::array<float, kBins> log_softmax_of_bins(const float* logits) {
  std::array<float, kBins> result;
  int first = 0;
  for (int bins : ActionDistribution::kBinsOf) {
    const SoftmaxSum sum = softmax_sum({logits + first, static_cast<std::size_t>(bins)}, result.data() + first);
    const float log_total = sum.highest + std::log(sum.total);
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
  sums[kPosturePrior] += prior;
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

/// The core terms' means; writes the gradients of policy and value.
TermSums teach_policy_and_value(const LearnerOptions& options, const Tensor& logits, const Tensor& values,
                                const Minibatch& batch, const Tensor& logit_gradient, const Tensor& value_gradient) {
  const Tensor actions = batch.actions.contiguous(), old = batch.log_probabilities.contiguous(),
               advantages = batch.advantages.contiguous(), returns = batch.returns.contiguous();
  const Factors factors(options, batch.samples);
  TermSums sums{};
  for (std::int64_t i = 0; i < values.numel(); ++i) {
    const Sample sample{logits.data_ptr<float>() + i * kBins,
                        actions.data_ptr<float>() + i * kActionSize,
                        values.data_ptr<float>()[i],
                        old.data_ptr<float>()[i],
                        advantages.data_ptr<float>()[i],
                        returns.data_ptr<float>()[i],
                        logit_gradient.data_ptr<float>() + i * kBins,
                        value_gradient.data_ptr<float>() + i};
    add_policy_and_entropy(sample, factors, sums);
    add_value(sample, factors, sums);
  }
  for (double& sum : sums) sum /= batch.samples;
  return sums;
}

/// Sum of the terms, each with its weight.
double weighted_sum(std::span<const double> weights, std::span<const double> terms) {
  double sum = weights[0] * terms[0];
  for (std::size_t i = 1; i < weights.size(); ++i) sum = sum + weights[i] * terms[i];
  return sum;
}

}  // namespace

const std::vector<std::string>& loss_term_names() {
  static const std::vector<std::string> all = [] {
    std::vector<std::string> names = {"loss/total",         "loss/policy",   "loss/value",    "loss/entropy",
                                      "loss/posture_prior", "clip_fraction", "approximate_kl"};
    for (const AuxiliaryHead& head : auxiliary_heads())
      for (const std::string_view term : head.terms) names.push_back("loss/" + std::string(term));
    return names;
  }();
  return all;
}

std::vector<double> loss_weights(const LearnerOptions& options) {
  std::vector<double> weights(kFirstHeadTerm);
  weights[kPolicyLoss] = 1;
  weights[kValueLoss] = options.value_weight;
  weights[kEntropy] = -options.entropy_weight;
  weights[kPosturePrior] = options.posture_prior_weight;
  for (std::size_t i = 0; i < auxiliary_heads().size(); ++i) {
    const std::vector<double> of_head = auxiliary_heads()[i].weights(options.heads.of_head(i));
    weights.insert(weights.end(), of_head.begin(), of_head.end());
  }
  return weights;
}

std::vector<bool> taught_heads(const LearnerOptions& options) {
  std::vector<bool> taught;
  for (std::size_t i = 0; i < auxiliary_heads().size(); ++i) {
    const std::vector<double> weights = auxiliary_heads()[i].weights(options.heads.of_head(i));
    taught.push_back(std::any_of(weights.begin(), weights.end(), [](double weight) { return weight != 0; }));
  }
  return taught;
}

void Loss::backward() const { torch::autograd::backward(of, gradients); }

Loss compute_loss(const LearnerOptions& options, const ActionDistribution& actions, const NetworkOutput& output,
                  const Minibatch& batch) {
  if (!output.value.is_cpu() || actions.kind() != ActionHeadKind::bins)
    return compute_loss_by_tensors(options, actions, output, batch);
  at::NoGradGuard no_gradient;
  Loss loss{
      at::empty({static_cast<std::int64_t>(loss_term_names().size())}), {output.action_parameters, output.value}, {}};
  for (const Tensor& guesses : output.guesses)
    if (guesses.defined()) loss.of.push_back(guesses);
  for (const Tensor& tensor : loss.of) loss.gradients.push_back(at::empty(tensor.sizes(), tensor.options()));

  const TermSums core = teach_policy_and_value(options, output.action_parameters.contiguous(),
                                               output.value.contiguous(), batch, loss.gradients[0], loss.gradients[1]);
  float* term = std::copy(core.begin(), core.end(), loss.terms.data_ptr<float>());
  double total = core[kPolicyLoss] + options.value_weight * core[kValueLoss] - options.entropy_weight * core[kEntropy] +
                 options.posture_prior_weight * core[kPosturePrior];
  const Tensor privileged = batch.privileged.contiguous();
  std::size_t taught = 0;
  for (std::size_t i = 0; i < output.guesses.size(); ++i) {
    const AuxiliaryHead& head = auxiliary_heads()[i];
    std::vector<double> terms(head.terms.size());
    if (!output.guesses[i].defined()) {
      term = std::copy(terms.begin(), terms.end(), term);
      continue;
    }
    const Tensor guesses = output.guesses[i].contiguous();
    head.teach({output.value.numel(), guesses.data_ptr<float>(), privileged.data_ptr<float>() + head.target_offset,
                privileged.size(-1), loss.gradients[2 + taught++].data_ptr<float>(), batch.samples,
                batch.masked_samples[i], options.heads.of_head(i)},
               terms);
    total += weighted_sum(head.weights(options.heads.of_head(i)), terms);
    term = std::copy(terms.begin(), terms.end(), term);
  }
  loss.terms.data_ptr<float>()[kTotalLoss] = static_cast<float>(total);
  return loss;
}

Loss compute_loss_by_tensors(const LearnerOptions& options, const ActionDistribution& actions,
                             const NetworkOutput& output, const Minibatch& batch) {
  const auto there = [&output](const std::vector<double>& numbers) {
    return at::tensor(numbers).to(output.value.options());
  };
  return compute_loss_by_tensors(options, {there(loss_weights(options)), there(batch.masked_samples)}, actions, output,
                                 batch);
}

Loss compute_loss_by_tensors(const LearnerOptions& options, const LossFactors& factors,
                             const ActionDistribution& actions, const NetworkOutput& output, const Minibatch& batch) {
  const auto mean = [&batch](const Tensor& x) { return x.sum() * (1.0 / batch.samples); };
  const Tensor log_ratio = actions.log_probability(output.action_parameters, batch.actions) - batch.log_probabilities;
  const Tensor ratio = log_ratio.exp();
  const Tensor clipped = ratio.clamp(1.0 - options.clip, 1.0 + options.clip);
  const Tensor policy = -mean(at::minimum(ratio * batch.advantages, clipped * batch.advantages));
  const Tensor value = 0.5 * mean((output.value - batch.returns).square());
  const Tensor entropy = mean(actions.entropy(output.action_parameters, options.posture_entropy_share));
  const Tensor prior = mean(actions.posture_cross_entropy(output.action_parameters));
  const Tensor clip_fraction = mean(((ratio - 1.0).abs() > options.clip).to(at::kFloat));
  const Tensor kl = mean(ratio - 1.0 - log_ratio);

  const Tensor none = at::zeros({}, output.value.options());
  std::vector<Tensor> terms = {none, policy, value, entropy, prior, clip_fraction, kl};
  for (std::size_t i = 0; i < output.guesses.size(); ++i) {
    const AuxiliaryHead& head = auxiliary_heads()[i];
    if (!output.guesses[i].defined()) {
      terms.insert(terms.end(), head.terms.size(), none);
      continue;
    }
    const std::vector<Tensor> of_head =
        head.terms_by_tensors({output.guesses[i], batch.privileged.narrow(-1, head.target_offset, head.target_size),
                               batch.samples, factors.masked_samples[static_cast<std::int64_t>(i)]});
    terms.insert(terms.end(), of_head.begin(), of_head.end());
  }
  const Tensor all = at::stack(terms);
  const Tensor total = (all * factors.weights).sum();
  Tensor reported = all.detach().clone();
  reported[kTotalLoss].copy_(total.detach());
  return {reported, {total}, {at::ones_like(total)}};
}

}  // namespace medal
