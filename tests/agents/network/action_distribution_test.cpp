#include "agents/network/action_distribution.h"

#include <cmath>
#include <numbers>
#include <vector>

#include "sim/base/random.h"
#include "tests/support/catch.h"
#include "tests/support/tensors.h"

using namespace medal;

namespace {

at::Tensor random_uniforms(std::int64_t rows, std::uint64_t seed) {
  at::Tensor result = at::empty({rows, kActionSize});
  Random random(seed);
  for (std::int64_t i = 0; i < result.numel(); ++i) result.data_ptr<float>()[i] = random.uniform();
  return result;
}

}  // namespace

TEST_CASE("a policy of bins has the bins of each component side by side, and postures for postures") {
  int bins = 0;
  for (std::size_t i = 0; i < kActionComponents.size(); ++i) {
    CHECK(ActionDistribution::kBinsOf[i] == static_cast<int>(kActionComponents[i].bins.size()));
    CHECK(ActionDistribution::is_posture(i) == kActionComponents[i].posture);
    bins += ActionDistribution::kBinsOf[i];
  }
  CHECK(ActionDistribution::kBinCount == bins);
  CHECK(ActionDistribution(ActionHeadKind::bins).parameter_count() == bins);
  CHECK(ActionDistribution(ActionHeadKind::gaussian).parameter_count() == 2 * kActionSize);
  // Of even logits the entropy is that of the bins; postures count as they are told to.
  double movement = 0, posture = 0;
  for (const ActionComponent& component : kActionComponents)
    (component.posture ? posture : movement) += std::log(static_cast<double>(component.bins.size()));
  const at::Tensor even = at::zeros({1, bins});
  const ActionDistribution actions(ActionHeadKind::bins);
  CHECK(actions.entropy(even).item<double>() == Approx(movement + posture));
  CHECK(actions.entropy(even, 0.25).item<double>() == Approx(movement + 0.25 * posture));
  // A new agent is its own prior: the cross entropy is the entropy.
  const at::Tensor first = actions.initial_bias().unsqueeze(0);
  CHECK(actions.posture_cross_entropy(first).item<double>() ==
        Approx(actions.entropy(first).item<double>() - actions.entropy(first, 0).item<double>()).epsilon(1e-4));
}

TEST_CASE("an untrained agent seldom jumps or crouches and moves evenly otherwise") {
  for (ActionHeadKind kind : {ActionHeadKind::bins, ActionHeadKind::gaussian}) {
    const ActionDistribution actions(kind);
    constexpr int kDraws = 20000;
    const at::Tensor stored =
        actions.sample(actions.initial_bias().unsqueeze(0).repeat({kDraws, 1}), random_uniforms(kDraws, 7)).stored;
    std::vector<Action> taken(kDraws);
    actions.to_actions(stored, taken);
    for (const ActionComponent& component : kActionComponents) {
      INFO(component.name);
      double on = 0, low = 0;
      for (const Action& action : taken) {
        on += action.*component.value > 0 ? 1 : 0;
        low += action.*component.value == component.bins.front() ? 1 : 0;
      }
      // 0.0067 of the draws: 134 of them, with a deviation of 12.
      if (component.posture) CHECK(std::abs(on - 0.0067 * kDraws) < 48);
      if (!component.posture && kind == ActionHeadKind::bins)
        CHECK(std::abs(low / kDraws - 1.0 / static_cast<double>(component.bins.size())) < 0.015);
      if (!component.posture && kind == ActionHeadKind::gaussian) CHECK(std::abs(on / kDraws - 0.5) < 0.015);
    }
  }
}

TEST_CASE("a bin means the value that the component's table gives it, whatever the others are") {
  const ActionDistribution actions(ActionHeadKind::bins);
  for (std::size_t i = 0; i < kActionComponents.size(); ++i) {
    for (std::size_t bin = 0; bin < kActionComponents[i].bins.size(); ++bin) {
      at::Tensor stored = at::zeros({2, kActionSize});
      stored.data_ptr<float>()[kActionComponents.size() + i] = static_cast<float>(bin);
      std::vector<Action> taken(2);
      actions.to_actions(stored, taken);
      for (std::size_t k = 0; k < kActionComponents.size(); ++k) {
        const auto& [name, value, bins, posture] = kActionComponents[k];
        CHECK(taken[0].*value == bins[0]);
        CHECK(taken[1].*value == bins[k == i ? bin : 0]);
      }
    }
  }
}

TEST_CASE("what people are shown of a policy of bins are its probabilities, their mean and deviation") {
  const ActionDistribution actions(ActionHeadKind::bins);
  seed_weights(6);
  const at::Tensor logits = at::randn({1, ActionDistribution::kBinCount});
  const auto odds = actions.odds(logits);
  std::int64_t first = 0;
  for (std::size_t i = 0; i < kActionComponents.size(); ++i) {
    const std::span<const float> values = kActionComponents[i].bins;
    const auto bins = static_cast<std::int64_t>(values.size());
    const at::Tensor probabilities = logits[0].narrow(0, first, bins).softmax(0);
    double mean = 0, square = 0;
    REQUIRE(odds[i].values == std::vector<float>(values.begin(), values.end()));
    REQUIRE(odds[i].probabilities.size() == values.size());
    for (std::size_t k = 0; k < values.size(); ++k) {
      const double p = probabilities[static_cast<std::int64_t>(k)].item<double>(), v = static_cast<double>(values[k]);
      CHECK(odds[i].probabilities[k] == Approx(p));
      mean += p * v;
      square += p * v * v;
    }
    CHECK(odds[i].mean == Approx(mean).margin(1e-6));
    CHECK(odds[i].deviation == Approx(std::sqrt(square - mean * mean)).margin(1e-5));
    first += bins;
  }
}

TEST_CASE("normal actions have their mean and deviation, and are clamped at the interface only") {
  const ActionDistribution actions(ActionHeadKind::gaussian);
  const at::Tensor parameters =
      at::cat({at::linspace(-1, 3, kActionSize), at::linspace(-1, 0.2, kActionSize)}).unsqueeze(0);
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
  for (const Action& action : taken)
    for (const ActionComponent& component : kActionComponents) REQUIRE(std::abs(action.*component.value) <= 1.0F);

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
