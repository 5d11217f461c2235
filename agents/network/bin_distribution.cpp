#include "agents/network/bin_distribution.h"

#include <ATen/ops/zeros_like.h>

#include <algorithm>
#include <cmath>

#include "agents/network/softmax.h"
#include "sim/base/error.h"

namespace medal {
namespace {

struct DrawnBin {
  int bin;
  float log_probability;
};

/// The bin whose share of the cumulative distribution holds `uniform`; `weights` has a place for each bin.
DrawnBin draw_bin(std::span<const float> logits, float uniform, float* weights) {
  const SoftmaxSum sum = softmax_sum(logits, weights);
  std::size_t bin = 0;
  float below = uniform * sum.total - weights[0];
  while (below >= 0.0F && bin + 1 < logits.size()) below -= weights[++bin];
  return {static_cast<int>(bin), logits[bin] - sum.highest - std::log(sum.total)};
}

/// Sums the last two dimensions.
at::Tensor sum_bins(const at::Tensor& x) { return x.sum({-1, -2}); }

at::Tensor added(const at::Tensor& sum, const at::Tensor& term) { return sum.defined() ? sum + term : term; }

/// A sum to which nothing may have been added.
at::Tensor or_zeros(const at::Tensor& sum, const at::Tensor& logits) {
  return sum.defined() ? sum : at::zeros_like(logits.select(-1, 0));
}

}  // namespace

BinDistribution::BinDistribution(std::span<const Choice> choices) {
  MEDAL_CHECK(!choices.empty(), "nothing to choose");
  for (const auto& [bins, posture] : choices) {
    MEDAL_CHECK(posture ? bins == 2 : bins > 0, "a posture is off or on");
    if (runs_.empty() || runs_.back().bins != bins || runs_.back().posture != posture)
      runs_.push_back({static_cast<int>(bins_of_.size()), bin_count_, 0, bins, posture});
    ++runs_.back().choices;
    bins_of_.push_back(bins);
    bin_count_ += bins;
  }
}

at::Tensor BinDistribution::log_probabilities(const at::Tensor& logits, const Run& run) {
  return logits.narrow(-1, run.first_bin, run.choices * run.bins)
      .unflatten(-1, {run.choices, run.bins})
      .log_softmax(-1);
}

ActionSample BinDistribution::sample(const at::Tensor& logits, const at::Tensor& uniforms) const {
  if (!logits.is_cpu()) return sample_by_tensors(logits, uniforms);
  const ActionSample sample{at::empty_like(uniforms), at::empty({logits.size(0)})};
  const float* logit = logits.data_ptr<float>();
  const float* uniform = uniforms.data_ptr<float>();
  float* stored = sample.stored.data_ptr<float>();
  float* sum = sample.log_probability.data_ptr<float>();
  std::vector<float> weights(static_cast<std::size_t>(bin_count_));
  for (std::int64_t row = 0; row < logits.size(0); ++row) {
    sum[row] = 0.0F;
    for (const int bins : bins_of_) {
      const DrawnBin drawn = draw_bin({logit, static_cast<std::size_t>(bins)}, *uniform++, weights.data());
      *stored++ = static_cast<float>(drawn.bin);
      sum[row] += drawn.log_probability;
      logit += bins;
    }
  }
  return sample;
}

ActionSample BinDistribution::sample_by_tensors(const at::Tensor& logits, const at::Tensor& uniforms) const {
  std::vector<at::Tensor> stored;
  at::Tensor sum;
  for (const Run& run : runs_) {
    const at::Tensor logs = log_probabilities(logits, run);
    const at::Tensor below = logs.exp().cumsum(-1).narrow(-1, 0, run.bins - 1);
    const at::Tensor bins =
        (below <= uniforms.narrow(-1, run.first_choice, run.choices).unsqueeze(-1)).sum(-1, /*keepdim=*/true);
    sum = added(sum, sum_bins(logs.gather(-1, bins)));
    stored.push_back(bins.squeeze(-1));
  }
  return {at::cat(stored, -1).to(at::kFloat), sum};
}

at::Tensor BinDistribution::mode(const at::Tensor& logits) const {
  std::vector<at::Tensor> modes;
  for (const Run& run : runs_) modes.push_back(log_probabilities(logits, run).argmax(-1));
  return at::cat(modes, -1).to(at::kFloat);
}

at::Tensor BinDistribution::log_probability(const at::Tensor& logits, const at::Tensor& stored) const {
  const at::Tensor bins = stored.to(at::kLong).unsqueeze(-1);
  at::Tensor sum;
  for (const Run& run : runs_)
    sum =
        added(sum, sum_bins(log_probabilities(logits, run).gather(-1, bins.narrow(-2, run.first_choice, run.choices))));
  return sum;
}

at::Tensor BinDistribution::entropy(const at::Tensor& logits, double posture_share) const {
  at::Tensor sum;
  for (const Run& run : runs_) {
    if (run.posture && posture_share == 0) continue;
    const at::Tensor logs = log_probabilities(logits, run);
    const at::Tensor entropy = -sum_bins(logs.exp() * logs);
    sum = added(sum, run.posture ? posture_share * entropy : entropy);
  }
  return or_zeros(sum, logits);
}

at::Tensor BinDistribution::posture_cross_entropy(const at::Tensor& logits, double chance) const {
  at::Tensor sum;
  for (const Run& run : runs_) {
    if (!run.posture) continue;
    const at::Tensor logs = log_probabilities(logits, run);
    sum = added(sum, -((1.0 - chance) * logs.select(-1, 0) + chance * logs.select(-1, 1)).sum(-1));
  }
  return or_zeros(sum, logits);
}

}  // namespace medal
