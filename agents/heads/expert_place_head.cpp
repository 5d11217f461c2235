#include <ATen/ops/binary_cross_entropy_with_logits.h>

#include <algorithm>
#include <cmath>

#include "agents/heads/auxiliary_head.h"
#include "sim/episode/privileged.h"

namespace medal {
namespace {

constexpr PrivilegedSlice kTarget = privileged_slice("expert_place");
constexpr int kAxes = kTarget.length - 1;
enum Option { kAttentionWeight, kPresenceWeight };
enum Term { kAttention, kPresence };

std::vector<double> weights(std::span<const double> options) {
  return {options[kAttentionWeight], options[kAttentionWeight] * options[kPresenceWeight]};
}

void teach(const HeadBatch& batch, std::span<double> terms) {
  const double attention_weight = batch.options[kAttentionWeight];
  const auto position = static_cast<float>(attention_weight / (kAxes * batch.masked_samples));
  const float presence = static_cast<float>(attention_weight * batch.options[kPresenceWeight]) *
                         (1.0F / static_cast<float>(batch.samples));
  double distance = 0, surprise = 0;
  for (std::int64_t row = 0; row < batch.rows; ++row) {
    const float* guess = batch.guesses + row * kTarget.length;
    const float* target = batch.targets + row * batch.target_stride;
    float* gradient = batch.gradients + row * kTarget.length;
    const float visible = target[kAxes], logit = guess[kAxes];
    for (int axis = 0; axis < kAxes; ++axis) {
      const float error = guess[axis] - target[axis];
      gradient[axis] = error == 0 ? 0.0F : std::copysign(position * visible, error);
      distance += std::abs(error) * visible;
    }
    const float decay = std::exp(-std::abs(logit));
    const float chance = (logit >= 0 ? 1.0F : decay) / (1.0F + decay);
    gradient[kAxes] = presence * (chance - visible);
    surprise += std::max(logit, 0.0F) - logit * visible + std::log1p(decay);
  }
  terms[kAttention] = distance / (kAxes * batch.masked_samples);
  terms[kPresence] = surprise / batch.samples;
}

std::vector<at::Tensor> terms_by_tensors(const HeadTensors& batch) {
  const at::Tensor visible = batch.targets.select(-1, kAxes);
  const at::Tensor error = (batch.guesses.narrow(-1, 0, kAxes) - batch.targets.narrow(-1, 0, kAxes)).abs().sum(-1);
  const at::Tensor surprise =
      at::binary_cross_entropy_with_logits(batch.guesses.select(-1, kAxes), visible, {}, {}, at::Reduction::None);
  return {(error * visible).sum() * (1.0 / (kAxes * batch.masked_samples)), surprise.sum() * (1.0 / batch.samples)};
}

}  // namespace

/// The attention loss (Bhoopchand et al. 2023): where the expert is, relative to the learner, by mean absolute error
/// where the mask shows it, and whether it does, by cross entropy.
AuxiliaryHead expert_place_head() {
  AuxiliaryHead head;
  head.name = "expert_place";
  head.sees = AuxiliaryHead::Sees::memory;
  head.target_offset = kTarget.offset;
  head.target_size = kTarget.length;
  head.guess_size = kTarget.length;
  head.terms = {"attention", "presence"};
  head.options = {{Field{"attention_weight", "", 0, 100, "Weight of the attention loss; 0 is the AL ablation."}, 1.0},
                  {Field{"presence_weight", "", 0, 100,
                         "Weight of predicting whether the expert is seen (within the attention loss)."},
                   0.1}};
  head.weights = weights;
  head.teach = teach;
  head.terms_by_tensors = terms_by_tensors;
  return head;
}

}  // namespace medal
