#include <cmath>

#include "agents/heads/auxiliary_head.h"
#include "sim/episode/privileged.h"

namespace medal {
namespace {

constexpr PrivilegedSlice kTarget = privileged_slice("order");
constexpr int kNumbers = kTarget.length - 1;
enum Option { kOrderWeight, kWarmupShare };

std::vector<double> weights(std::span<const double> options) { return {options[kOrderWeight]}; }

void schedule(std::span<double> options, double progress) {
  if (progress < options[kWarmupShare]) options[kOrderWeight] *= progress / options[kWarmupShare];
}

void teach(const HeadBatch& batch, std::span<double> terms) {
  const float weight =
      static_cast<float>(batch.options[kOrderWeight]) / kNumbers * (1.0F / static_cast<float>(batch.samples));
  double total = 0;
  for (std::int64_t row = 0; row < batch.rows; ++row) {
    const float* guess = batch.guesses + row * kNumbers;
    const float* target = batch.targets + row * batch.target_stride;
    float* gradient = batch.gradients + row * kNumbers;
    const float known = target[kNumbers];
    float sum = 0;
    for (int i = 0; i < kNumbers; ++i) {
      const float error = guess[i] - target[i];
      gradient[i] = error == 0 ? 0.0F : std::copysign(weight * known, error);
      sum += std::abs(error);
    }
    total += known * sum / kNumbers;
  }
  terms[0] = total / batch.samples;
}

std::vector<at::Tensor> terms_by_tensors(const HeadTensors& batch) {
  const at::Tensor error = (batch.guesses - batch.targets.narrow(-1, 0, kNumbers)).abs().mean(-1);
  return {(error * batch.targets.select(-1, kNumbers)).sum() * (1.0 / batch.samples)};
}

}  // namespace

/// The order loss, our own and privileged: where the goal is that pays next, and the colours of those to come, by mean
/// absolute error where that is known.
AuxiliaryHead order_head() {
  AuxiliaryHead head;
  head.name = "order";
  head.sees = AuxiliaryHead::Sees::trunk;
  head.target_offset = kTarget.offset;
  head.target_size = kTarget.length;
  head.guess_size = kNumbers;
  head.terms = {"order"};
  head.options = {{Field{"order_weight", "", 0, 100,
                         "Weight of the order loss: predicting where the goal is that pays next, and the colours of "
                         "those to come."}
                       .in_older_files(3.0),
                   0.0},
                  {Field{"order_warmup_share", "", 0, 1,
                         "Share of the run over which that weight rises from 0; to remember before following is to do "
                         "without."},
                   0.0}};
  head.weights = weights;
  head.schedule = schedule;
  head.teach = teach;
  head.terms_by_tensors = terms_by_tensors;
  return head;
}

}  // namespace medal
