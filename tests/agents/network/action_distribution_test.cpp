#include "agents/network/action_distribution.h"

#include <cmath>
#include <numbers>
#include <vector>

#include "sim/base/random.h"
#include "tests/support/catch.h"
#include "tests/support/tensors.h"

using namespace medal;

namespace {

constexpr int kBins[] = {3, 3, 3, 2, 2};

/// Textbook softmax of one dimension's logits.
std::vector<double> probabilities(const float* logits, int bins) {
  std::vector<double> result;
  double total = 0;
  for (int k = 0; k < bins; ++k) total += std::exp(static_cast<double>(logits[k]));
  for (int k = 0; k < bins; ++k) result.push_back(std::exp(static_cast<double>(logits[k])) / total);
  return result;
}

at::Tensor random_uniforms(std::int64_t rows, std::uint64_t seed) {
  at::Tensor result = at::empty({rows, kActionSize});
  Random random(seed);
  for (std::int64_t i = 0; i < result.numel(); ++i) result.data_ptr<float>()[i] = random.uniform();
  return result;
}

at::Tensor random_logits() {
  seed_weights(3);
  return at::randn({1, ActionDistribution(ActionHeadKind::bins).parameter_count()}) * 1.5;
}

}  // namespace

TEST_CASE("bins are drawn as often as their probabilities say") {
  const ActionDistribution actions(ActionHeadKind::bins);
  const at::Tensor logits = random_logits();
  constexpr int kDraws = 40000;
  const at::Tensor stored = actions.sample(logits.repeat({kDraws, 1}), random_uniforms(kDraws, 5)).stored;
  const float* dimension_logits = logits.data_ptr<float>();
  for (int d = 0; d < kActionSize; ++d) {
    const auto expected = probabilities(dimension_logits, kBins[d]);
    for (int k = 0; k < kBins[d]; ++k) {
      const double p = expected[static_cast<std::size_t>(k)];
      const double frequency = (stored.select(1, d) == k).to(at::kDouble).mean().item<double>();
      CHECK(std::abs(frequency - p) < 4.0 * std::sqrt(p * (1 - p) / kDraws) + 1e-9);
    }
    dimension_logits += kBins[d];
  }
}

TEST_CASE("log probabilities and entropy of bins are those of the textbook") {
  const ActionDistribution actions(ActionHeadKind::bins);
  const at::Tensor logits = random_logits();
  const at::Tensor stored = matrix({{2.0F, 0.0F, 1.0F, 1.0F, 0.0F}});
  double log_probability = 0, entropy = 0;
  const float* dimension_logits = logits.data_ptr<float>();
  for (int d = 0; d < kActionSize; ++d) {
    const auto p = probabilities(dimension_logits, kBins[d]);
    log_probability += std::log(p[static_cast<std::size_t>(stored[0][d].item<float>())]);
    for (double share : p) entropy -= share * std::log(share);
    dimension_logits += kBins[d];
  }
  CHECK(actions.log_probability(logits, stored).item<double>() == Approx(log_probability).epsilon(1e-5));
  CHECK(actions.entropy(logits).item<double>() == Approx(entropy).epsilon(1e-5));
  const at::Tensor steps = logits.repeat({4, 1}).view({2, 2, -1});
  CHECK(actions.log_probability(steps, stored.repeat({4, 1}).view({2, 2, -1})).sizes() == at::IntArrayRef({2, 2}));
}

TEST_CASE("the most likely action has the highest probability of all actions") {
  const ActionDistribution actions(ActionHeadKind::bins);
  const at::Tensor logits = random_logits();
  const at::Tensor mode = actions.mode(logits);
  const double best = actions.log_probability(logits, mode).item<double>();
  for (int d = 0; d < kActionSize; ++d) {
    for (int k = 0; k < kBins[d]; ++k) {
      at::Tensor other = mode.clone();
      other[0][d] = static_cast<float>(k);
      CHECK(actions.log_probability(logits, other).item<double>() <= best);
    }
  }
}

TEST_CASE("an untrained agent seldom jumps or crouches and moves evenly otherwise") {
  for (ActionHeadKind kind : {ActionHeadKind::bins, ActionHeadKind::gaussian}) {
    const ActionDistribution actions(kind);
    constexpr int kDraws = 20000;
    const at::Tensor stored =
        actions.sample(actions.initial_bias().unsqueeze(0).repeat({kDraws, 1}), random_uniforms(kDraws, 7)).stored;
    std::vector<Action> taken(kDraws);
    actions.to_actions(stored, taken);
    int jumps = 0, crouches = 0;
    double turn = 0;
    for (const Action& action : taken) {
      jumps += action.jump > 0;
      crouches += action.crouch > 0;
      turn += static_cast<double>(action.turn);
    }
    // 0.0067 of the draws: 134 of them, with a deviation of 12.
    CHECK(std::abs(jumps - 0.0067 * kDraws) < 48);
    CHECK(std::abs(crouches - 0.0067 * kDraws) < 48);
    CHECK(std::abs(turn / kDraws) < 0.03);
  }
}

TEST_CASE("bins mean the documented actions") {
  const ActionDistribution actions(ActionHeadKind::bins);
  const at::Tensor stored = matrix({{0.0F, 0.0F, 2.0F, 0.0F, 1.0F}, {1.0F, 1.0F, 1.0F, 1.0F, 0.0F}});
  std::vector<Action> taken(2);
  actions.to_actions(stored, taken);
  CHECK(taken[0].forward == 0.0F);
  CHECK(taken[0].strafe == -1.0F);
  CHECK(taken[0].turn == 1.0F);
  CHECK(taken[0].jump == -1.0F);
  CHECK(taken[0].crouch == 1.0F);
  CHECK(taken[1].forward == 0.5F);
  CHECK(taken[1].strafe == 0.0F);
  CHECK(taken[1].turn == 0.0F);
  CHECK(taken[1].jump == 1.0F);
}

TEST_CASE("normal actions have their mean and deviation, and are clamped at the interface only") {
  const ActionDistribution actions(ActionHeadKind::gaussian);
  const at::Tensor parameters = matrix({{0.5F, -0.2F, 0.0F, -1.0F, 3.0F, -1.0F, 0.0F, -0.5F, 0.2F, 0.0F}});
  constexpr int kDraws = 40000;
  const at::Tensor stored = actions.sample(parameters.repeat({kDraws, 1}), random_uniforms(kDraws, 9)).stored;
  for (int d = 0; d < kActionSize; ++d) {
    const double deviation = std::exp(parameters[0][kActionSize + d].item<double>());
    CHECK(std::abs(stored.select(1, d).mean().item<double>() - parameters[0][d].item<double>()) < 0.02 * deviation);
    CHECK(stored.select(1, d).std().item<double>() == Approx(deviation).epsilon(0.02));
  }
  CHECK(stored.max().item<double>() > 1.0);
  std::vector<Action> taken(kDraws);
  actions.to_actions(stored.contiguous(), taken);
  for (const Action& action : taken) REQUIRE((action.crouch <= 1.0F && action.crouch >= -1.0F));

  const at::Tensor extreme =
      actions.sample(parameters.repeat({2, 1}), at::tensor({0.0F, 0.99999994F}).unsqueeze(1).repeat({1, kActionSize}))
          .stored;
  CHECK(extreme.isfinite().all().item<bool>());

  double log_probability = 0, entropy = 0;
  for (int d = 0; d < kActionSize; ++d) {
    const double log_deviation = parameters[0][kActionSize + d].item<double>();
    const double z = (stored[0][d].item<double>() - parameters[0][d].item<double>()) / std::exp(log_deviation);
    log_probability += -0.5 * z * z - log_deviation - 0.5 * std::log(2 * std::numbers::pi);
    entropy += log_deviation + 0.5 * std::log(2 * std::numbers::pi * std::numbers::e);
  }
  CHECK(actions.log_probability(parameters, stored.narrow(0, 0, 1)).item<double>() ==
        Approx(log_probability).epsilon(1e-5));
  CHECK(actions.entropy(parameters).item<double>() == Approx(entropy).epsilon(1e-5));
}
