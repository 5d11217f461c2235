#include "agents/network/bin_distribution.h"

#include <cmath>
#include <vector>

#include "agents/network/softmax.h"
#include "tests/support/catch.h"
#include "tests/support/tensors.h"

using namespace medal;

namespace {

using Choices = std::vector<BinDistribution::Choice>;

/// Tables of all kinds: alone, even, mixed, postures first, between and last.
const std::vector<Choices> kTables = {
    {{4, false}},
    {{2, true}},
    {{3, false}, {3, false}, {2, true}, {2, true}},
    {{2, true}, {5, false}, {2, false}, {2, true}, {3, false}, {3, false}, {1, false}},
};

at::Tensor random_logits(const Choices& choices, int rows = 1) {
  return at::randn({rows, BinDistribution(choices).bin_count()}) * 1.5;
}

/// Textbook softmax of each choice's logits, of the first row.
std::vector<std::vector<double>> probabilities(const Choices& choices, const at::Tensor& logits) {
  std::vector<std::vector<double>> result;
  const float* next = logits.data_ptr<float>();
  for (const auto& [bins, posture] : choices) {
    double total = 0;
    for (int k = 0; k < bins; ++k) total += std::exp(static_cast<double>(next[k]));
    result.emplace_back();
    for (int k = 0; k < bins; ++k) result.back().push_back(std::exp(static_cast<double>(next[k])) / total);
    next += bins;
  }
  return result;
}

/// A bin of each choice, [1, choices].
at::Tensor some_bins(const Choices& choices) {
  at::Tensor stored = at::empty({1, static_cast<std::int64_t>(choices.size())});
  for (std::size_t i = 0; i < choices.size(); ++i)
    stored.data_ptr<float>()[i] = static_cast<float>((static_cast<int>(i) + 1) % choices[i].bins);
  return stored;
}

}  // namespace

TEST_CASE("of any table of bins log probability, entropy and posture prior are those of the textbook") {
  seed_weights(3);
  for (const Choices& choices : kTables) {
    const BinDistribution distribution(choices);
    const at::Tensor logits = random_logits(choices), stored = some_bins(choices);
    const auto expected = probabilities(choices, logits);
    constexpr double kShare = 0.3, kChance = 0.1;
    double log_probability = 0, movement = 0, posture = 0, prior = 0;
    for (std::size_t i = 0; i < choices.size(); ++i) {
      log_probability += std::log(expected[i][static_cast<std::size_t>(stored.data_ptr<float>()[i])]);
      for (const double p : expected[i]) (choices[i].posture ? posture : movement) -= p * std::log(p);
      if (choices[i].posture) prior -= (1 - kChance) * std::log(expected[i][0]) + kChance * std::log(expected[i][1]);
    }
    CAPTURE(choices.size());
    const auto is = [](double value) { return Approx(value).epsilon(1e-5).margin(1e-6); };
    CHECK(distribution.log_probability(logits, stored).item<double>() == is(log_probability));
    CHECK(distribution.entropy(logits, 1).item<double>() == is(movement + posture));
    CHECK(distribution.entropy(logits, kShare).item<double>() == is(movement + kShare * posture));
    CHECK(distribution.entropy(logits, 0).item<double>() == is(movement));
    CHECK(distribution.posture_cross_entropy(logits, kChance).item<double>() == is(prior));
  }
}

TEST_CASE("of any table of bins each is drawn as often as its probability says, with that log probability") {
  seed_weights(4);
  constexpr int kDraws = 40000;
  for (const Choices& choices : kTables) {
    const BinDistribution distribution(choices);
    const at::Tensor logits = random_logits(choices);
    const auto size = static_cast<std::int64_t>(choices.size());
    const ActionSample sample = distribution.sample(logits.repeat({kDraws, 1}), at::rand({kDraws, size}));
    const auto expected = probabilities(choices, logits);
    for (std::int64_t i = 0; i < size; ++i) {
      const auto& of_choice = expected[static_cast<std::size_t>(i)];
      for (std::size_t k = 0; k < of_choice.size(); ++k) {
        const double p = of_choice[k];
        const double frequency =
            (sample.stored.select(1, i) == static_cast<double>(k)).to(at::kDouble).mean().item<double>();
        CHECK(std::abs(frequency - p) < 4.0 * std::sqrt(p * (1 - p) / kDraws) + 1e-9);
      }
    }
    const at::Tensor own = distribution.log_probability(logits.repeat({kDraws, 1}), sample.stored);
    CHECK(at::allclose(sample.log_probability, own, 1e-5, 1e-5));
  }
}

TEST_CASE("drawing by tensor operations draws the same bins") {
  seed_weights(6);
  for (const Choices& choices : kTables) {
    const BinDistribution distribution(choices);
    const at::Tensor logits = random_logits(choices).repeat({500, 1});
    const at::Tensor uniforms = at::rand({500, static_cast<std::int64_t>(choices.size())});
    const ActionSample plain = distribution.sample(logits, uniforms);
    const ActionSample sample = distribution.sample_by_tensors(logits, uniforms);
    CHECK(at::equal(sample.stored, plain.stored));
    CHECK(at::allclose(sample.log_probability, plain.log_probability, 1e-5, 1e-5));
  }
}

TEST_CASE("of any table of bins the most likely action has the highest probability of all actions") {
  seed_weights(5);
  for (const Choices& choices : kTables) {
    const BinDistribution distribution(choices);
    const at::Tensor logits = random_logits(choices), mode = distribution.mode(logits);
    const double best = distribution.log_probability(logits, mode).item<double>();
    for (std::size_t i = 0; i < choices.size(); ++i) {
      for (int k = 0; k < choices[i].bins; ++k) {
        at::Tensor other = mode.clone();
        other.data_ptr<float>()[i] = static_cast<float>(k);
        CHECK(distribution.log_probability(logits, other).item<double>() <= best);
      }
    }
  }
}

TEST_CASE("leading dimensions of logits are those of what bins make of them") {
  for (const Choices& choices : kTables) {
    const BinDistribution distribution(choices);
    const at::Tensor logits = random_logits(choices, 6).view({2, 3, -1});
    const at::Tensor stored = distribution.mode(logits);
    CHECK(stored.sizes() == at::IntArrayRef({2, 3, static_cast<std::int64_t>(choices.size())}));
    for (const at::Tensor& x : {distribution.log_probability(logits, stored), distribution.entropy(logits, 0),
                                distribution.posture_cross_entropy(logits, 0.5)})
      CHECK(x.sizes() == at::IntArrayRef({2, 3}));
  }
}

TEST_CASE("softmax of logits beyond what exp() can hold is finite and sums to 1") {
  const std::vector<float> logits = {-2000, 3000, 2999};
  std::vector<float> weights(logits.size());
  const SoftmaxSum sum = softmax_sum(logits, weights.data());
  const double e = std::exp(1.0);
  CHECK(sum.highest == 3000);
  CHECK(weights[0] == 0);
  CHECK(weights[1] / sum.total == Approx(e / (e + 1)));
  CHECK(weights[2] / sum.total == Approx(1 / (e + 1)));
}
