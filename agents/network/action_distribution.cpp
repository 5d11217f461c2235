#include "agents/network/action_distribution.h"

#include <ATen/ops/zeros_like.h>

#include <algorithm>
#include <cmath>
#include <numbers>

#include "sim/base/error.h"

namespace medal {
namespace {

// Bins lie side by side: three dimensions of three (forward, strafe, turn), then two of two (jump, crouch).
constexpr int kThreeWay = 3, kTwoWay = 2;
constexpr int kTwoWayStart = kThreeWay * 3;
static_assert(ActionDistribution::kBinCount == kTwoWayStart + kTwoWay * 2);
constexpr float kForwardOfBin[] = {0.0F, 0.5F, 1.0F};
constexpr float kSideOfBin[] = {-1.0F, 0.0F, 1.0F};
constexpr float kSwitchOfBin[] = {-1.0F, 1.0F};
// Jumps as seldom at first as the biased bins do.
constexpr float kGaussianSwitchMean = -1.5F, kGaussianLogDeviation = -0.5F;

/// Log probabilities of all bins: those of the three-way dimensions [..., 3, 3], and of the two-way ones [..., 2, 2].
std::pair<at::Tensor, at::Tensor> log_probabilities_of_bins(const at::Tensor& logits) {
  return {logits.narrow(-1, 0, kTwoWayStart).unflatten(-1, {kThreeWay, 3}).log_softmax(-1),
          logits.narrow(-1, kTwoWayStart, kTwoWay * 2).unflatten(-1, {kTwoWay, 2}).log_softmax(-1)};
}

/// Sums the last two dimensions.
at::Tensor sum_bins(const at::Tensor& x) { return x.sum({-1, -2}); }

struct DrawnBin {
  int bin;
  float log_probability;
};

/// The bin whose share of the cumulative distribution holds `uniform`.
DrawnBin draw_bin(const float* logits, int bins, float uniform) {
  const float highest = *std::max_element(logits, logits + bins);
  std::array<float, 3> weight{};
  float total = 0.0F;
  for (int k = 0; k < bins; ++k) {
    weight[static_cast<std::size_t>(k)] = std::exp(logits[k] - highest);
    total += weight[static_cast<std::size_t>(k)];
  }
  int bin = 0;
  float below = uniform * total - weight[0];
  while (below >= 0.0F && bin + 1 < bins) below -= weight[static_cast<std::size_t>(++bin)];
  return {bin, logits[bin] - highest - std::log(total)};
}

std::span<const float> values_of_bins(std::size_t dimension) {
  if (dimension == 0) return kForwardOfBin;
  return dimension < kThreeWay ? std::span<const float>(kSideOfBin) : std::span<const float>(kSwitchOfBin);
}

ActionOdds odds_of_bins(std::span<const float> values, const float* logits) {
  ActionOdds odds{{values.begin(), values.end()}, {}, 0.0F, 0.0F};
  const float highest = *std::max_element(logits, logits + values.size());
  float total = 0.0F, squares = 0.0F;
  for (std::size_t k = 0; k < values.size(); ++k) total += std::exp(logits[k] - highest);
  for (std::size_t k = 0; k < values.size(); ++k) {
    const float probability = std::exp(logits[k] - highest) / total;
    odds.probabilities.push_back(probability);
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

int ActionDistribution::parameter_count() const { return kind_ == ActionHeadKind::bins ? kBinCount : 2 * kActionSize; }

int ActionDistribution::state_parameter_count() const {
  return kind_ == ActionHeadKind::bins ? kBinCount : kActionSize;
}

at::Tensor ActionDistribution::initial_bias() const {
  at::Tensor bias = at::zeros({parameter_count()});
  float* values = bias.data_ptr<float>();
  if (kind_ == ActionHeadKind::bins) {
    values[kTwoWayStart + 1] = values[kTwoWayStart + 3] = kPostureBias;
  } else {
    values[3] = values[4] = kGaussianSwitchMean;
    std::fill(values + kActionSize, values + 2 * kActionSize, kGaussianLogDeviation);
  }
  return bias;
}

ActionSample ActionDistribution::sample(const at::Tensor& parameters, const at::Tensor& uniforms) const {
  at::NoGradGuard no_gradient;
  const at::Tensor plain = parameters.to(at::kCPU).contiguous();
  const at::Tensor draws = uniforms.to(at::kCPU).contiguous();
  if (kind_ == ActionHeadKind::gaussian) {
    const at::Tensor stored = means(plain) + log_deviations(plain).exp() * normal_quantile(draws);
    return {stored, log_probability(plain, stored)};
  }
  const ActionSample sample{at::empty_like(draws), at::empty({plain.size(0)})};
  const float* logits = plain.data_ptr<float>();
  const float* uniform = draws.data_ptr<float>();
  float* stored = sample.stored.data_ptr<float>();
  float* sum = sample.log_probability.data_ptr<float>();
  for (std::int64_t row = 0; row < plain.size(0); ++row) {
    sum[row] = 0.0F;
    for (int bins : kBinsOf) {
      const DrawnBin drawn = draw_bin(logits, bins, *uniform++);
      *stored++ = static_cast<float>(drawn.bin);
      sum[row] += drawn.log_probability;
      logits += bins;
    }
  }
  return sample;
}

at::Tensor ActionDistribution::mode(const at::Tensor& parameters) const {
  if (kind_ == ActionHeadKind::gaussian) return means(parameters).clone();
  const auto [three, two] = log_probabilities_of_bins(parameters);
  return at::cat({three.argmax(-1), two.argmax(-1)}, -1).to(at::kFloat);
}

at::Tensor ActionDistribution::log_probability(const at::Tensor& parameters, const at::Tensor& stored) const {
  const at::Tensor values = stored.to(parameters.device());
  if (kind_ == ActionHeadKind::gaussian) {
    static const double kHalfLogTwoPi = 0.5 * std::log(2.0 * std::numbers::pi);
    const at::Tensor log_deviation = log_deviations(parameters);
    const at::Tensor z = (values - means(parameters)) * (-log_deviation).exp();
    return (-0.5 * z.square() - log_deviation - kHalfLogTwoPi).sum(-1);
  }
  const at::Tensor bins = values.to(at::kLong).unsqueeze(-1);
  const auto [three, two] = log_probabilities_of_bins(parameters);
  return sum_bins(three.gather(-1, bins.narrow(-2, 0, kThreeWay))) +
         sum_bins(two.gather(-1, bins.narrow(-2, kThreeWay, kTwoWay)));
}

at::Tensor ActionDistribution::entropy(const at::Tensor& parameters, double posture_share) const {
  if (kind_ == ActionHeadKind::gaussian) {
    static const double kUnitEntropy = 0.5 * std::log(2.0 * std::numbers::pi * std::numbers::e);
    return (log_deviations(parameters) + kUnitEntropy).sum(-1);
  }
  const auto [three, two] = log_probabilities_of_bins(parameters);
  const at::Tensor movement = -sum_bins(three.exp() * three);
  return posture_share == 0 ? movement : movement - posture_share * sum_bins(two.exp() * two);
}

float ActionDistribution::initial_posture_chance() { return 1.0F / (1.0F + std::exp(-kPostureBias)); }

at::Tensor ActionDistribution::posture_cross_entropy(const at::Tensor& parameters) const {
  if (kind_ == ActionHeadKind::gaussian) return at::zeros_like(parameters.select(-1, 0));
  const auto two = log_probabilities_of_bins(parameters).second;
  const double chance = initial_posture_chance();
  return -((1.0 - chance) * two.select(-1, 0) + chance * two.select(-1, 1)).sum(-1);
}

std::array<ActionOdds, kActionSize> ActionDistribution::odds(const at::Tensor& parameters) const {
  at::NoGradGuard no_gradient;
  const at::Tensor plain = parameters.to(at::kCPU).contiguous();
  MEDAL_CHECK(plain.numel() == parameter_count(), "one learner's");
  const float* next = plain.data_ptr<float>();
  std::array<ActionOdds, kActionSize> all;
  for (std::size_t i = 0; i < all.size(); ++i) {
    if (kind_ == ActionHeadKind::bins) {
      all[i] = odds_of_bins(values_of_bins(i), next);
      next += all[i].values.size();
    } else {
      all[i].mean = next[i];
      all[i].deviation = std::exp(next[i + kActionSize]);
    }
  }
  return all;
}

void ActionDistribution::to_actions(const at::Tensor& stored, std::span<Action> out) const {
  MEDAL_CHECK(stored.is_contiguous() && stored.numel() == static_cast<std::int64_t>(out.size()) * kActionSize);
  const float* value = stored.data_ptr<float>();
  for (Action& action : out) {
    if (kind_ == ActionHeadKind::bins) {
      const auto bin = [value](int dimension) { return static_cast<int>(value[dimension]); };
      action = {kForwardOfBin[bin(0)], kSideOfBin[bin(1)], kSideOfBin[bin(2)], kSwitchOfBin[bin(3)],
                kSwitchOfBin[bin(4)]};
    } else {
      const auto clamped = [value](int dimension) { return std::clamp(value[dimension], -1.0F, 1.0F); };
      action = {clamped(0), clamped(1), clamped(2), clamped(3), clamped(4)};
    }
    value += kActionSize;
  }
}

}  // namespace medal
