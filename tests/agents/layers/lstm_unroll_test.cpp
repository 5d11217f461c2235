#include "agents/layers/lstm_unroll.h"

#include "tests/support/catch.h"

using namespace medal;

namespace {

constexpr int kSteps = 9, kBatch = 5, kInputs = 7, kWidth = 19;  // a width that no vector length divides

struct Case {
  torch::Tensor inputs = torch::randn({kSteps, kBatch, kInputs}).requires_grad_();
  torch::Tensor memory = torch::randn({kBatch, 2 * kWidth});
  torch::Tensor starts = (torch::rand({kSteps, kBatch}) < 0.2).to(torch::kFloat);
  LstmWeights weights{(torch::randn({kInputs, 4 * kWidth}) * 0.5).requires_grad_(),
                      (torch::randn({kWidth, 4 * kWidth}) * 0.5).requires_grad_(),
                      torch::randn({4 * kWidth}).requires_grad_()};
  torch::Tensor seen = torch::randn({kSteps, kBatch, kWidth});  ///< random weights of the outputs in a loss

  std::vector<torch::Tensor> gradients(const torch::Tensor& outputs) const {
    return torch::autograd::grad({(outputs * seen).sum()}, {inputs, weights.input, weights.hidden, weights.bias});
  }
};

double relative_difference(const torch::Tensor& a, const torch::Tensor& b) {
  return ((a - b).abs().max() / b.abs().max()).item<double>();
}

}  // namespace

TEST_CASE("the unrolled LSTM and its gradients are those of plain steps, with episodes that start in between") {
  torch::manual_seed(11);
  const Case c;
  REQUIRE(c.starts.sum().item<float>() > 3);
  const torch::Tensor fast = lstm_unroll(c.inputs, c.memory, c.starts, c.weights);
  const torch::Tensor plain = lstm_unroll_stepwise(c.inputs, c.memory, c.starts, c.weights);
  CHECK(relative_difference(fast, plain) < 1e-5);
  const auto fast_gradients = c.gradients(fast), plain_gradients = c.gradients(plain);
  for (std::size_t i = 0; i < fast_gradients.size(); ++i)
    CHECK(relative_difference(fast_gradients[i], plain_gradients[i]) < 1e-5);
}

TEST_CASE("the plain steps are LibTorch's own LSTM cell") {
  torch::manual_seed(12);
  torch::NoGradGuard no_gradient;
  const Case c;
  torch::Tensor hidden = c.memory.narrow(1, 0, kWidth), cell = c.memory.narrow(1, kWidth, kWidth);
  const torch::Tensor outputs = lstm_unroll_stepwise(c.inputs, c.memory, torch::zeros({kSteps, kBatch}), c.weights);
  for (int t = 0; t < kSteps; ++t) {
    std::tie(hidden, cell) = torch::lstm_cell(c.inputs[t], {hidden, cell}, c.weights.input.t(), c.weights.hidden.t(),
                                              c.weights.bias, torch::zeros({4 * kWidth}));
    CHECK(relative_difference(outputs[t], hidden) < 1e-5);
  }
}

TEST_CASE("acting step by step and unrolling afterwards see the same memory") {
  torch::manual_seed(13);
  torch::NoGradGuard no_gradient;
  const Case c;
  const torch::Tensor outputs = lstm_unroll(c.inputs, c.memory, c.starts, c.weights);
  torch::Tensor memory = c.memory.clone();
  for (int t = 0; t < kSteps; ++t) {
    memory.mul_((1.0F - c.starts[t]).unsqueeze(1));
    CHECK(relative_difference(lstm_step(c.inputs[t], memory, c.weights), outputs[t]) < 1e-5);
  }
}

TEST_CASE("nothing from before an episode's start reaches what comes after it") {
  torch::manual_seed(14);
  Case c;
  c.starts.zero_();
  c.starts[4].fill_(1.0F);
  const torch::Tensor outputs = lstm_unroll(c.inputs, c.memory, c.starts, c.weights);
  const torch::Tensor gradient = torch::autograd::grad({outputs.narrow(0, 4, kSteps - 4).sum()}, {c.inputs})[0];
  CHECK(gradient.narrow(0, 0, 4).abs().max().item<float>() == 0.0F);
  CHECK(gradient[4].abs().max().item<float>() > 0.0F);
  const torch::Tensor other = lstm_unroll(c.inputs, c.memory + 1.0F, c.starts, c.weights);
  CHECK(torch::equal(outputs.narrow(0, 4, kSteps - 4), other.narrow(0, 4, kSteps - 4)));
  CHECK(!torch::equal(outputs[0], other[0]));
}

TEST_CASE("gates saturate for huge inputs and pass NaN on") {
  torch::NoGradGuard no_gradient;
  const LstmWeights weights{torch::ones({1, 4}), torch::zeros({1, 4}), torch::zeros({4})};
  const auto output = [&](float input) {
    torch::Tensor memory = torch::zeros({1, 2});
    return lstm_step(torch::full({1, 1}, input), memory, weights).item<float>();
  };
  CHECK(output(1e30F) == Approx(std::tanh(1.0)));
  CHECK(output(-1e30F) == Approx(0.0).margin(1e-30));
  CHECK(std::isnan(output(std::nanf(""))));
}
