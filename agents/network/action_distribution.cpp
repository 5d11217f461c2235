#include "agents/network/action_distribution.h"

#include <ATen/ops/zeros_like.h>

#include <algorithm>
#include <cmath>
#include <numbers>
#include <vector>

#include "agents/network/softmax.h"
#include "sim/base/error.h"

namespace medal {
namespace {

// A new agent turns postures on as seldom as the biased bins do.
constexpr float kGaussianPostureMean = -1.5F, kGaussianLogDeviation = -0.5F;

std::vector<BinDistribution::Choice> choices_of_bins() {
  std::vector<BinDistribution::Choice> choices;
  for (const ActionComponent& component : kActionComponents)
    choices.push_back({static_cast<int>(component.bins.size()), component.posture});
  return choices;
}

ActionOdds odds_of_bins(std::span<const float> values, const float* logits) {
  ActionOdds odds{{values.begin(), values.end()}, std::vector<float>(values.size()), 0.0F, 0.0F};
  const float total = softmax_sum({logits, values.size()}, odds.probabilities.data()).total;
  float squares = 0.0F;
  for (std::size_t k = 0; k < values.size(); ++k) {
    const float probability = odds.probabilities[k] /= total;
    odds.mean += probability * values[k];
    squares += probability * values[k] * values[k];
  }
  odds.deviation = std::sqrt(std::max(0.0F, squares - odds.mean * odds.mean));
  return odds;
}

at::Tensor means(const at::Tensor& parameters) { return parameters.narrow(-1, 0, kActionSize); }
at::Tensor log_deviations(const at::Tensor& parameters) { return parameters.narrow(-1, kActionSize, kActionSize); }

/// Inverse of the standard normal distribution function.
at::Tensor normal_quantile(const at::Tensor& uniforms) {
  constexpr double kSmallest = 1.0 / (1 << 25);  // half a step of a 24-bit uniform number
  return std::numbers::sqrt2 * (2.0 * uniforms.clamp(kSmallest, 1.0 - 2 * kSmallest) - 1.0).erfinv();
}

}  // namespace

ActionDistribution::ActionDistribution(ActionHeadKind kind) : kind_(kind), bins_(choices_of_bins()) {}

int ActionDistribution::parameter_count() const { return kind_ == ActionHeadKind::bins ? kBinCount : 2 * kActionSize; }

int ActionDistribution::state_parameter_count() const {
  return kind_ == ActionHeadKind::bins ? kBinCount : kActionSize;
}

at::Tensor ActionDistribution::initial_bias() const {
  at::Tensor bias = at::zeros({parameter_count()});
  float* values = bias.data_ptr<float>();
  for (std::size_t i = 0; i < kActionComponents.size(); ++i) {
    const bool posture = is_posture(i);
    if (kind_ == ActionHeadKind::bins) {
      if (posture) values[kBinsOf[i] - 1] = kPostureBias;
      values += kBinsOf[i];
    } else {
      values[i] = posture ? kGaussianPostureMean : 0.0F;
      values[i + kActionSize] = kGaussianLogDeviation;
    }
  }
  return bias;
}

ActionSample ActionDistribution::sample(const at::Tensor& parameters, const at::Tensor& uniforms) const {
  at::NoGradGuard no_gradient;
  const at::Tensor plain = parameters.contiguous(), draws = uniforms.to(parameters.device()).contiguous();
  if (kind_ == ActionHeadKind::gaussian) {
    const at::Tensor stored = means(plain) + log_deviations(plain).exp() * normal_quantile(draws);
    return {stored, log_probability(plain, stored)};
  }
  return bins_.sample(plain, draws);
}

at::Tensor ActionDistribution::mode(const at::Tensor& parameters) const {
  if (kind_ == ActionHeadKind::gaussian) return means(parameters).clone();
  return bins_.mode(parameters);
}

at::Tensor ActionDistribution::log_probability(const at::Tensor& parameters, const at::Tensor& stored) const {
  const at::Tensor values = stored.to(parameters.device());
  if (kind_ == ActionHeadKind::gaussian) {
    static const double kHalfLogTwoPi = 0.5 * std::log(2.0 * std::numbers::pi);
    const at::Tensor log_deviation = log_deviations(parameters);
    const at::Tensor z = (values - means(parameters)) * (-log_deviation).exp();
    return (-0.5 * z.square() - log_deviation - kHalfLogTwoPi).sum(-1);
  }
  return bins_.log_probability(parameters, values);
}

at::Tensor ActionDistribution::entropy(const at::Tensor& parameters, double posture_share) const {
  if (kind_ == ActionHeadKind::gaussian) {
    static const double kUnitEntropy = 0.5 * std::log(2.0 * std::numbers::pi * std::numbers::e);
    return (log_deviations(parameters) + kUnitEntropy).sum(-1);
  }
  return bins_.entropy(parameters, posture_share);
}

float ActionDistribution::initial_posture_chance() { return 1.0F / (1.0F + std::exp(-kPostureBias)); }

at::Tensor ActionDistribution::posture_cross_entropy(const at::Tensor& parameters) const {
  if (kind_ == ActionHeadKind::gaussian) return at::zeros_like(parameters.select(-1, 0));
  return bins_.posture_cross_entropy(parameters, initial_posture_chance());
}

std::array<ActionOdds, kActionSize> ActionDistribution::odds(const at::Tensor& parameters) const {
  at::NoGradGuard no_gradient;
  const at::Tensor plain = parameters.to(at::kCPU).contiguous();
  MEDAL_CHECK(plain.numel() == parameter_count(), "one learner's");
  const float* next = plain.data_ptr<float>();
  std::array<ActionOdds, kActionSize> all;
  for (std::size_t i = 0; i < all.size(); ++i) {
    if (kind_ == ActionHeadKind::bins) {
      all[i] = odds_of_bins(kActionComponents[i].bins, next);
      next += all[i].values.size();
    } else {
      all[i].mean = next[i];
      all[i].deviation = std::exp(next[i + kActionSize]);
    }
  }
  return all;
}

void ActionDistribution::to_actions(const at::Tensor& stored, std::span<Action> out) const {
  MEDAL_CHECK(stored.numel() == static_cast<std::int64_t>(out.size()) * kActionSize);
  const at::Tensor plain = stored.to(at::kCPU).contiguous();
  const float* value = plain.data_ptr<float>();
  for (Action& action : out) {
    for (const ActionComponent& component : kActionComponents) {
      action.*component.value =
          kind_ == ActionHeadKind::bins ? component.bins[static_cast<std::size_t>(*value)] : *value;
      ++value;
    }
    if (kind_ == ActionHeadKind::gaussian) action = clamped(action);
  }
}

}  // namespace medal
